// A saved trace: chosen, or dropped anywhere on the Explore tab; its text goes to the server, which
// reads it. The reply says what was wrong, or nothing.
const zone = element.querySelector('.opened'), input = element.querySelector('input');
const told = element.querySelector('[role=status]');
const MB = (bytes) => (bytes / 1e6).toFixed(1);
let name = '';

const say = (text) => { told.textContent = text; };

async function take(file) {
  if (!file) return;
  name = file.name;
  try {
    if (file.size > 8 * props.most) throw new RangeError(MB(file.size)); // spaces count for nothing
    const text = JSON.stringify(JSON.parse(await file.text())), size = new Blob([text]).size;
    if (size > props.most) throw new RangeError(MB(size));
    say('Reading …');
    trigger('edit', {text});
  } catch (error) {
    if (error instanceof RangeError && /^[\d.]+$/.test(error.message)) {
      say(`“${name}” has ${error.message} MB; at most ${MB(props.most)} are read.`);
    } else say(`“${name}” is damaged or no JSON. The page shows what it showed.`);
  }
  input.value = ''; // the same file can be chosen again
}

input.addEventListener('change', () => take(input.files[0]));

const brings = (event) => [...event.dataTransfer?.types || []].includes('Files')
  && element.getClientRects().length && !event.target.closest?.('.drop'); // that is for graphs
for (const kind of ['dragover', 'drop', 'dragleave']) {
  document.addEventListener(kind, (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    zone.classList.toggle('over', kind === 'dragover');
    if (kind === 'drop') take(event.dataTransfer.files[0]);
  });
}

watch('value', () => {
  const {problem} = JSON.parse(props.value || '{}');
  say(problem || (props.value ? `“${name}” is shown.` : ''));
  if (props.value && !problem) scrollTo({top: 0, behavior: 'instant'});
});
