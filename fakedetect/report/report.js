// What the page does when it is open: draws its charts, sorts and searches its list of accounts. It reads nothing but
// itself. What strangers wrote is only ever compared and shown as text.
(() => {
  "use strict";

  // Charts: the option of each stands as data beside its place; what a reader without scripts sees is replaced.
  const NARROWEST = 280;
  for (const place of document.querySelectorAll(".chart")) {
    const option = JSON.parse(place.parentElement.querySelector("script").textContent);
    const least = Math.max(NARROWEST, Number(place.dataset.least));
    place.textContent = "";
    const width = () => Math.max(least, place.parentElement.clientWidth);
    const height = Number(place.dataset.height);
    place.style.minWidth = `${least}px`;
    const chart = echarts.init(place, null, { renderer: "svg", width: width(), height });
    // An image on paper is as wide as the paper.
    const fit = () => {
      chart.resize({ width: width(), height });
      place.querySelector("svg").setAttribute("viewBox", `0 0 ${width()} ${height}`);
    };
    chart.setOption(option);
    fit();
    new ResizeObserver(() => width() !== chart.getWidth() && fit()).observe(place.parentElement);
  }

  // Accounts: rows of the list and the entries under it, in one order and by one search.
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  for (const list of document.querySelectorAll(".register")) {
    const table = list.querySelector("table");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => {
      const entry = document.getElementById(row.dataset.entry);
      return { row, entry, text: folded(row.textContent + " " + (entry ? entry.textContent : "")) };
    });

    const tools = document.createElement("p");
    tools.className = "tools";
    const label = document.createElement("label");
    label.textContent = list.dataset.search;
    const box = document.createElement("input");
    box.type = "search";
    box.autocomplete = "off";
    box.spellcheck = false;
    label.append(" ", box);
    const told = document.createElement("span");
    told.setAttribute("role", "status");
    tools.append(label, told);
    list.prepend(tools);
    const search = () => {
      const wanted = folded(box.value).split(/\s+/).filter(Boolean);
      let n = 0;
      for (const { row, entry, text } of rows) {
        row.hidden = !wanted.every((word) => text.includes(word));
        if (entry) entry.hidden = row.hidden;
        n += !row.hidden;
      }
      told.textContent = list.dataset.shown.replace("%n", n).replace("%all", rows.length);
    };
    box.addEventListener("input", search);
    search();

    const value = (cell) => ("v" in cell.dataset ? Number(cell.dataset.v) : folded(cell.textContent));
    const compare = (a, b) =>
      typeof a === "number" ? a - b : a.localeCompare(b, document.documentElement.lang, { numeric: true });
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.title = list.dataset.sort;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const sign = down ? -1 : 1;
        rows.sort((a, b) => sign * compare(value(a.row.cells[column]), value(b.row.cells[column])));
        for (const { row, entry } of rows) {
          body.append(row);
          if (entry) entry.parentElement.append(entry);
        }
      });
    });
  }

  // A link to an entry opens it.
  const open = () => {
    const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (entry && entry.tagName === "DETAILS") {
      entry.open = true;
      entry.scrollIntoView();
      entry.querySelector("summary").focus({ preventScroll: true });
    }
  };
  addEventListener("hashchange", open);
  open();
})();
