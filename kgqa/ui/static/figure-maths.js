// The mathematics of the lesson's figure, over arrays with one number for each entity: the same as
// in kgqa/walk, which tests compare it with. Relations are numbered as there: of R relations the
// inverse of p is p + R. Nothing here knows the page.
const maths = (() => {
  const zeros = (n) => Array(n).fill(0);
  const sum = (x) => x.reduce((total, v) => total + v, 0);

  // Every fact that is on, in both directions: {source, relation, target, fact}.
  function edges({facts, relations}, on) {
    const half = relations.length / 2;
    return facts.flatMap(([head, p, tail], fact) => (!on[fact] ? [] : [
      {source: head, relation: p, target: tail, fact},
      ...(relations[p + half] ? [{source: tail, relation: p + half, target: head, fact}] : []),
    ]));
  }

  // Cohen et al. 2020, equation 2: of each fact t (x M_subj)[t] (r M_rel)[t], added up by M_obj.
  function follow(x, r, all) {
    const sums = zeros(x.length), products = [];
    for (const edge of all) {
      const value = x[edge.source] * r[edge.relation];
      if (!value) continue;
      sums[edge.target] += value;
      products.push({...edge, x: x[edge.source], r: r[edge.relation], value});
    }
    return {sums, products};
  }

  const cut = (x) => x.map((v) => Math.min(v, 1)); // sums of follow as degrees of membership
  const both = (xs) => xs[0].map((_, i) => Math.min(...xs.map((x) => x[i])));
  const either = (xs) => xs[0].map((_, i) => Math.max(...xs.map((x) => x[i])));
  const without = ([x, ...rest]) =>
    rest.reduce((left, y) => left.map((v, i) => Math.min(v, 1 - y[i])), x);

  // P(exactly rank - 1 of those that are better than entity e are in the set).
  function better(x, values, e, rank) {
    let ways = [1]; // P(0, 1, ... of them)
    x.forEach((p, f) => {
      if (values[f] === null || !(values[f] > values[e])) return;
      ways = [...ways, 0].map((v, k) => v * (1 - p) + (k ? ways[k - 1] : 0) * p);
    });
    return ways[rank - 1] || 0;
  }

  // x'[e] = x[e] P(exactly rank - 1 better ones are in the set); nothing of what has no value.
  const extreme = (x, values, rank = 1) =>
    x.map((v, e) => (values[e] === null ? 0 : v * better(x, values, e, rank)));
  const turned = (values) => values.map((v) => (v === null ? null : -v)); // the smallest is best
  // What is reached in the most ways: the sums are compared before they are cut.
  const often = (sums) => extreme(cut(sums), sums.map((v) => (v > 0 ? v : null)));

  const nonempty = (x) => 1 - x.reduce((none, v) => none * (1 - v), 1);
  function committed(x, threshold, least) { // positions, heaviest first
    const most = Math.max(0, ...x);
    if (most < least) return [];
    const kept = x.map((_, i) => i).filter((i) => x[i] > 0 && x[i] >= threshold * most);
    return kept.sort((a, b) => x[b] - x[a] || a - b);
  }

  const COMBINE = {both, either, without};
  function keep(x, compared, which) {
    if (!compared || which === 'all') return x;
    const values = which === 'least' ? turned(compared.values) : compared.values;
    return extreme(x, values, which === 'second' ? 2 : 1);
  }

  // Every vector of the figure from what a reader has set.
  function solve(figure, set) {
    const all = edges(figure, set.on);
    const hops = figure.starts.map((_, i) => follow(set.x[i], set.r[i], all));
    const reached = hops.map(({sums}) => cut(sums));
    const taking = reached.filter((_, i) => set.takes[i]);
    const met = taking.length ? COMBINE[set.combine](taking) : zeros(figure.entities.length);
    const kept = keep(met, figure.compared, set.keep);
    const last = figure.after.length
      ? follow(kept, set.after, all) : {sums: kept, products: []};
    const answers = set.often ? often(last.sums) : cut(last.sums);
    const names = committed(answers, figure.threshold, figure.least);
    return {all, x: set.x, hops, reached, met, kept, last, answers, names,
      count: sum(answers), nonempty: nonempty(answers)};
  }

  // All crisp walks of the figure's form, and which of them give exactly these answers: what one
  // question with its answers cannot tell apart.
  function walks(figure, set, wanted) {
    const all = edges(figure, set.on), n = figure.entities.length;
    const one = (p) => figure.relations.map((_, i) => Number(i === p));
    const from = (x) => [...new Set(all.filter((e) => x[e.source] > 0).map((e) => e.relation))];
    const sets = figure.starts.map((start, i) => {
      const x = zeros(n).map((_, e) => Number(start.seeds.includes(e)));
      return from(x).map((p) => ({way: [[i, p]], x: cut(follow(x, one(p), all).sums)}));
    });
    const pairs = sets.length < 2 ? [] : sets[0].flatMap((a) => sets[1].flatMap((b) =>
      Object.entries(COMBINE).map(([how, combine]) =>
        ({way: [...a.way, ...b.way], how, x: combine([a.x, b.x])}))));
    const found = [...sets.flat(), ...pairs].flatMap((first) => (figure.after.length
      ? from(first.x).map((p) => ({...first, then: p, x: cut(follow(first.x, one(p), all).sums)}))
      : [first]));
    const same = ({x}) => x.every((v, e) => v > 0 === wanted.includes(e));
    return {number: found.length, same: wanted.length ? found.filter(same) : []};
  }

  return {edges, follow, cut, both, either, without, better, extreme, turned, often, nonempty,
    committed, solve, walks, sum};
})();
