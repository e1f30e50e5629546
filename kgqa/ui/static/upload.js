// Sends the files of a visitor in one request, under a token that only this page knows, and then
// tells the server to take them. The server's reply changes the value.
const zone = element.querySelector('.drop'), input = element.querySelector('input');
const status = element.querySelector('[role=status]');
let sending = false;

const say = (text) => { status.textContent = text; };
const token = () => [...crypto.getRandomValues(new Uint8Array(18))]
  .map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function send(list) {
  const files = [...list];
  if (sending || !files.length) return;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  if (total > props.size) {
    const size = (total / 1e6).toFixed(1);
    return say(`These files have ${size} MB; at most ${props.size / 1e6} are taken.`);
  }
  sending = true;
  say('Sending …');
  try {
    const name = token();
    const head = JSON.stringify(files.map((f) => ({name: f.name.slice(0, 200), size: f.size})));
    const body = new Blob([head, '\n', ...files]);
    const reply = await fetch(`page/files?token=${name}`, {method: 'POST', body});
    if (!reply.ok) throw new Error((await reply.json()).detail);
    say('Reading and building …');
    trigger('edit', {token: name});
  } catch (error) {
    sending = false;
    say(error instanceof TypeError ? 'These files could not be sent.' : error.message);
  }
}

input.addEventListener('change', () => send(input.files));
for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  zone.addEventListener(kind, (event) => {
    event.preventDefault();
    zone.classList.toggle('over', kind === 'dragenter' || kind === 'dragover');
    if (kind === 'drop') send(event.dataTransfer.files);
  });
}
watch('value', () => {
  sending = false;
  input.value = '';
  say('');
});
