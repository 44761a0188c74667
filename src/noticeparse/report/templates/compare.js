"use strict";
(() => {
  const STEP = 200;
  const { columns, size } = JSON.parse(document.getElementById("data").textContent);
  const table = document.getElementById("table");
  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells];
  const search = document.getElementById("search");
  const sensitive = document.getElementById("only-sensitive");
  const count = document.getElementById("count");
  const more = document.getElementById("more");
  const folded = columns.map((column) => column.words.map((word) => word.toLowerCase()));
  const flag = columns.length - 1; // the column that tells sensitive data

  // Each different word is compared once; rows are then ordered by numbers alone. Empty cells come last.
  const ranks = columns.map(() => null);
  const ranksOf = (place) => {
    if (!ranks[place]) {
      const words = columns[place].words;
      const order = words.map((_, code) => code);
      const collator = new Intl.Collator("zh-Hans-CN", { numeric: true });
      order.sort((a, b) => collator.compare(words[a], words[b]) || a - b);
      ranks[place] = new Uint32Array(words.length);
      order.forEach((code, rank) => { ranks[place][code] = rank; });
    }
    return ranks[place];
  };

  let order = Array.from({ length: size }, (_, row) => row);
  let found = order;
  let shown = 0;

  const append = () => {
    const part = document.createDocumentFragment();
    for (const row of found.slice(shown, shown + STEP)) {
      const line = document.createElement("tr");
      columns.forEach((column, place) => {
        const cell = document.createElement("td");
        const code = column.codes[row];
        cell.textContent = code < 0 ? "" : column.words[code];
        if (place < 5) cell.lang = "zh-CN";
        line.append(cell);
      });
      part.append(line);
    }
    body.append(part);
    shown = Math.min(shown + STEP, found.length);
    more.hidden = shown >= found.length;
    const part_of = shown < found.length ? `, the first ${shown} shown` : "";
    count.textContent = `${found.length} of ${size} rows${part_of}`;
  };

  const apply = () => {
    const asked = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const hits = asked.map((word) => folded.map((words) => new Set(words.flatMap((one, code) => one.includes(word) ? [code] : []))));
    const wanted = columns[flag].words.indexOf("yes");
    found = order.filter((row) =>
      (!sensitive.checked || columns[flag].codes[row] === wanted) &&
      hits.every((sets) => sets.some((set, place) => set.has(columns[place].codes[row]))));
    body.replaceChildren();
    shown = 0;
    append();
  };

  const sort = (place) => {
    const heading = headings[place];
    const descending = heading.getAttribute("aria-sort") === "ascending";
    for (const other of headings) other.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const rank = ranksOf(place);
    const codes = columns[place].codes;
    const sign = descending ? -1 : 1;
    order = order.slice().sort((a, b) => {
      const first = codes[a], second = codes[b];
      if (first < 0 || second < 0) return (first < 0) - (second < 0) || a - b;
      return sign * (rank[first] - rank[second]) || a - b;
    });
    apply();
  };

  let waiting = 0;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 80); });
  search.form.addEventListener("submit", (event) => event.preventDefault());
  sensitive.addEventListener("change", apply);
  more.addEventListener("click", append);
  table.tHead.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) sort(Number(button.dataset.column));
  });
  apply();
})();
