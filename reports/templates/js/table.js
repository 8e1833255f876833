// The table of activities: what is filtered away, what waits behind "Show more", its order, and its download.
const PAGE = 50;
// The column of places: in the order of the rows as they come, from the innermost outwards.
const DISTANCE = 2;

class ActivityTable {
  constructor(table, isOnMap, showOnMap) {
    this.isOnMap = isOnMap;
    this.showOnMap = showOnMap;
    this.body = table.tBodies[0];
    this.rows = [...this.body.rows];
    this.order = this.rows.map((_, place) => place);
    this.passed = this.rows.map(() => 2);
    this.shown = PAGE;
    this.headings = [...table.tHead.rows[0].cells];
    this.titles = this.headings.map((heading) => heading.textContent);
    this.headings.forEach((heading, column) => this.#makeSortable(heading, column));
    this.#draw();
    table.classList.add("is-ready");
  }

  // The text of a row, for the search; put together when first asked for.
  text(place) {
    this.texts ??= this.rows.map((row) => plainText(row.textContent));
    return this.texts[place];
  }

  show(passed) {
    this.passed = passed;
    this.shown = PAGE;
    this.#draw();
  }

  more() {
    const first = this.order.filter((place) => this.passed[place])[this.shown];
    this.shown += PAGE;
    this.#draw();
    const heading = this.rows[first].cells[0];
    heading.tabIndex = -1;
    heading.focus();
  }

  get left() {
    return Math.max(this.passed.filter(Boolean).length - this.shown, 0);
  }

  #draw() {
    let seen = 0;
    this.order.forEach((place) => {
      const row = this.rows[place];
      const look = !this.passed[place] ? "filtered" : (seen += 1) > this.shown ? "later" : "";
      if (row.className !== look) row.className = look;
      if (!look) this.#link(place);
    });
  }

  // The name of a venue on the map becomes a button that shows it there, when its row is first seen.
  #link(place) {
    const cell = this.rows[place].cells[1];
    if (!this.isOnMap(place) || cell.querySelector("button")) return;
    const button = element("button", cell.firstChild.textContent, "show");
    button.type = "button";
    button.title = "Show on the map";
    button.addEventListener("click", () => this.showOnMap(place));
    cell.firstChild.replaceWith(button);
  }

  #makeSortable(heading, column) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.titles[column];
    button.addEventListener("click", () => this.#sort(heading, column));
    // On paper a heading is repeated on every page, and a button is not.
    const words = element("span", this.titles[column], "on-paper");
    words.setAttribute("aria-hidden", "true");
    heading.replaceChildren(words, button);
  }

  #sort(heading, column) {
    const isDown = heading.getAttribute("aria-sort") === "ascending";
    this.headings.forEach((other) => other.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    const places = this.rows.map((_, place) => place);
    if (column !== DISTANCE) {
      const collator = new Intl.Collator("en-GB", { numeric: true });
      const keys = this.rows.map((row) => row.cells[column].textContent);
      places.sort((one, other) => collator.compare(keys[one], keys[other]) || one - other);
    }
    this.order = isDown ? places.reverse() : places;
    this.body.append(...this.order.map((place) => this.rows[place]));
    this.#draw();
  }

  // What is let through, in the order of the table, as CSV that no spreadsheet runs.
  csv(sample) {
    const cells = (row) => [...row.cells].map((cell) => {
      const [first, ...below] = [...cell.childNodes].map((node) => node.textContent.trim()).filter(Boolean);
      return [first ?? "", ...below].join("; ");
    });
    const lines = [this.titles];
    this.order.filter((place) => this.passed[place]).forEach((place) => lines.push(cells(this.rows[place])));
    if (sample) lines.forEach((line, place) => (lines[place] = [place ? sample.mark : sample.column, ...line]));
    return `\ufeff${lines.map((line) => line.map(inert).join(",")).join("\r\n")}\r\n`;
  }
}

// A text that a spreadsheet would run gets an apostrophe before it; every text stands in quotation marks.
function inert(words) {
  const safe = /^[\s]*[=+\-@\t\r]/.test(words) && words !== "–" ? `'${words}` : words;
  return `"${safe.replaceAll('"', '""')}"`;
}

function download(name, words) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([words], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
