// Sorting and filtering of the tables. Everything is on the page without it.
(function () {
  "use strict";

  function value(row, index) {
    var cell = row.cells[index];
    var raw = cell ? cell.getAttribute("data-v") : "";
    var number = Number(raw);
    return raw !== "" && raw !== null && isFinite(number) ? number : raw || "";
  }

  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), document.documentElement.lang);
  }

  function sort(table, heading, index) {
    var down = heading.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("thead th").forEach(function (other) { other.removeAttribute("aria-sort"); });
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    // Those without enough data stay in a body of their own: sorting never puts them among the placed ones.
    Array.prototype.forEach.call(table.tBodies, function (body) {
      var rows = Array.prototype.filter.call(body.rows, function (row) { return !row.classList.contains("group"); });
      rows.map(function (row, place) { return { row: row, place: place, key: value(row, index) }; })
        .sort(function (a, b) { return (down ? compare(b.key, a.key) : compare(a.key, b.key)) || a.place - b.place; })
        .forEach(function (item) { body.appendChild(item.row); });
    });
  }

  document.querySelectorAll("table.sortable").forEach(function (table) {
    table.querySelectorAll("thead th[data-key]").forEach(function (heading) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = heading.textContent.trim();
      button.title = (table.getAttribute("data-sort") || "%s").replace("%s", button.textContent);
      heading.textContent = "";
      heading.appendChild(button);
      button.addEventListener("click", function () { sort(table, heading, heading.cellIndex); });
    });
    var label = table.getAttribute("data-filter");
    if (!label || table.querySelectorAll("tbody tr:not(.group)").length < 8) return;
    var tools = document.createElement("div");
    var input = document.createElement("input");
    tools.className = "tools";
    input.type = "search";
    input.placeholder = label;
    input.setAttribute("aria-label", label);
    tools.appendChild(input);
    table.parentNode.parentNode.insertBefore(tools, table.parentNode);
    input.addEventListener("input", function () {
      var wanted = input.value.trim().toLowerCase();
      table.querySelectorAll("tbody tr[data-name]").forEach(function (row) {
        row.hidden = row.getAttribute("data-name").toLowerCase().indexOf(wanted) < 0;
      });
    });
  });
})();
