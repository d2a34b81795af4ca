"use strict";
(() => {
  const list = document.getElementById("list");
  const tables = [...list.querySelectorAll("table")];
  const rows = tables.flatMap(table => [...table.tBodies[0].rows]);
  const words = rows.map(row => [...row.cells].map(cell => cell.textContent).join(" ").toLowerCase());
  const tools = document.getElementById("tools");
  const text = document.getElementById("find");
  const tag = document.getElementById("tag");
  const shown = document.getElementById("shown");

  const filter = () => {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let number = 0;
    rows.forEach((row, place) => {
      const fits = wanted.every(word => words[place].includes(word)) &&
        (!tag.value || row.cells[2].textContent.split(", ").includes(tag.value));
      row.hidden = !fits;
      number += fits;
    });
    for (const table of tables) table.parentNode.hidden = [...table.tBodies[0].rows].every(row => row.hidden);
    shown.textContent = number === 1 ? "1 scenario" : number + " scenarios";
  };

  const sort = (column, down) => {
    for (const table of tables) {
      const body = table.tBodies[0];
      const value = row => row.cells[column].textContent.trim();
      const numeric = table.tHead.rows[0].cells[column].classList.contains("number");
      const sorted = [...body.rows].sort((one, other) => {
        const order = numeric ? (Number(value(one)) || 0) - (Number(value(other)) || 0)
          : value(one).localeCompare(value(other));
        return down ? -order : order;
      });
      body.append(...sorted);
      [...table.tHead.rows[0].cells].forEach((cell, place) => {
        if (place === column) cell.setAttribute("aria-sort", down ? "descending" : "ascending");
        else cell.removeAttribute("aria-sort");
      });
    }
  };

  for (const table of tables) {
    [...table.tHead.rows[0].cells].forEach((cell, column) => {
      const button = document.createElement("button");
      button.textContent = cell.textContent;
      button.addEventListener("click", () => {
        const before = cell.getAttribute("aria-sort");
        sort(column, before ? before === "ascending" : cell.classList.contains("number"));
      });
      cell.replaceChildren(button);
    });
  }
  text.addEventListener("input", filter);
  tag.addEventListener("change", filter);
  tools.hidden = false;
  filter();
})();
