"use strict";
(() => {
  const tip = document.getElementById("tip");
  const filter = document.getElementById("filter");
  const count = document.getElementById("count");
  const groups = [...document.querySelectorAll(".disclosure")];
  const words = groups.map((group) => group.textContent.toLowerCase());
  const keysOf = (element) => element.dataset.k.split(" ");

  // Marks of the rows under the pointer or the focus, so that both sides show what belongs together.
  let lit = [];
  const light = (elements) => {
    for (const element of lit) element.classList.remove("lit");
    lit = elements;
    for (const element of lit) element.classList.add("lit");
  };
  const related = (key) => [...document.querySelectorAll(`[data-k~="${key}"]`)];

  const hide = () => { tip.hidden = true; };
  const show = (mark) => {
    tip.replaceChildren();
    const keys = keysOf(mark);
    for (const key of keys.slice(0, 4)) {
      const row = document.getElementById(`r${key}`);
      const line = document.createElement("p");
      const label = document.createElement("b");
      label.textContent = row.cells[0].textContent.trim();
      line.append(label, " ", row.cells[2].textContent.trim() || row.cells[1].textContent.trim());
      tip.append(line);
    }
    if (keys.length > 4) tip.append(`and ${keys.length - 4} more`);
    tip.hidden = false;
    const mine = mark.getClientRects()[0];
    const size = tip.getBoundingClientRect();
    const left = Math.min(mine.left, document.documentElement.clientWidth - size.width - 8);
    const above = mine.top - size.height - 6;
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${above > 8 ? above : mine.bottom + 6}px`;
  };

  const over = (event) => {
    const place = event.target instanceof Element ? event.target.closest("a.m, tr[data-k]") : null;
    if (!place) { hide(); light([]); return; }
    light(keysOf(place).slice(0, 4).flatMap(related));
    if (place.matches("a.m")) show(place); else hide();
  };
  document.addEventListener("pointerover", over);
  document.addEventListener("focusin", over);
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

  const apply = () => {
    const asked = filter.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    groups.forEach((group, place) => {
      const fits = asked.every((word) => words[place].includes(word));
      group.hidden = !fits;
      if (fits) shown += 1;
    });
    count.textContent = `${shown} of ${groups.length} disclosures`;
  };
  if (filter) {
    filter.addEventListener("input", apply);
    filter.form.addEventListener("submit", (event) => event.preventDefault());
    apply();
  }

  // A jump takes the focus along, and shows a row that the filter hides.
  const go = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.dataset.k) return;
    if (target.closest("[hidden]") && filter) { filter.value = ""; apply(); }
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
    hide();
  };
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a.m, a.jump") : null;
    if (!link) return;
    event.preventDefault();
    location.hash = link.getAttribute("href");
    go();
  });
  addEventListener("hashchange", go);
  go();
})();
