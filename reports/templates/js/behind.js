// Opens a cell of a grid to the activities it counts, by their rows in the table of activities.
function openCells(doubts) {
  const rows = document.getElementById("venues")?.tBodies[0].rows;
  if (!rows) return;
  // The table may be sorted later; the data counts rows as they came.
  const listed = [...rows];
  document.querySelectorAll("script.behind").forEach((script) => {
    const grids = JSON.parse(script.textContent);
    const panels = script.parentElement.querySelectorAll(":scope > .panel");
    grids.forEach((cells, place) => {
      panels[place].querySelectorAll("td:not(tfoot td)").forEach((cell, number) => {
        const [sure, may] = cells[number];
        if (sure.length || may.length) makeButton(cell, () => showMembers(cell, sure, may, listed, doubts));
      });
    });
  });
}

function makeButton(cell, open) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...cell.childNodes);
  button.addEventListener("click", open);
  cell.append(button);
}

function showMembers(cell, sure, may, listed, doubts) {
  const table = cell.closest("table");
  const group = cell.closest("tbody").querySelector("[scope=rowgroup] > span")?.firstChild.textContent.trim();
  const column = table.tHead.rows[0].cells[cell.cellIndex].textContent;
  const panel = cell.closest(".panel").dataset.panel;
  const title = [group, cell.parentElement.cells[0].textContent, column, panel].filter(Boolean).join(", ");
  const pairs = may.flatMap(([bits, ...places]) => places.map((place) => [place, bits]));
  const dialog = document.getElementById("members");
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector(".body").replaceChildren(
    ...part("Confirmed", sure.map((place) => [place, 0]), listed, doubts),
    ...part("Possible, and what is open", pairs, listed, doubts),
  );
  dialog.showModal();
}

function part(title, members, listed, doubts) {
  const heading = element("h3", `${title}: ${members.length}`);
  if (!members.length) return [heading];
  const list = element("ul");
  members.forEach(([place, bits]) => {
    const [activity, venue] = listed[place].cells;
    const [name, provider] = [...activity.childNodes].map((node) => node.textContent);
    const item = element("li");
    item.append(element("strong", name), ` ${provider}${venue.firstChild.textContent === "–" ? "" : `, ${venue.firstChild.textContent}`}`);
    const open = doubts.filter((_, bit) => bits & (1 << bit));
    if (open.length) item.append(element("span", open.join("; "), "sub"));
    list.append(item);
  });
  return [heading, list];
}
