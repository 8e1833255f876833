// Puts the parts together. Without this script the page says the same: every row, every grid, and the still map.
function startMap() {
  const element = document.getElementById("venues");
  if (!element) return;
  const data = JSON.parse(document.getElementById("map-data").textContent);
  openCells(data.doubts);
  const venueOf = (place) => data.rows[place][0];
  const showOnMap = (place) => {
    map.open(venueOf(place));
    const box = document.getElementById("leaflet");
    box.scrollIntoView({ block: "nearest" });
    box.focus({ preventScroll: true });
  };
  const table = new ActivityTable(element, (place) => venueOf(place) >= 0, showOnMap);
  const at = new Map();
  data.rows.forEach(([venue], place) => {
    if (venue >= 0) at.set(venue, [...(at.get(venue) ?? []), place]);
  });
  const listAt = (venue) => at.get(venue).filter((place) => table.passed[place])
    .map((place) => table.rows[place].cells[0].firstChild.textContent);
  const map = new VenueMap(document.getElementById("leaflet"), data.map, listAt);

  let drawing = 0;
  const apply = () => {
    const filters = readFilters();
    const passed = data.rows.map((row, place) => {
      const found = passes(row, filters);
      return found && filters.words.every((word) => table.text(place).includes(word)) ? found : 0;
    });
    const wanted = data.map.venues.map(() => false);
    passed.forEach((found, place) => {
      if (found && data.rows[place][0] >= 0) wanted[data.rows[place][0]] = true;
    });
    table.show(passed);
    tell(passed, wanted, filters);
    // The answer first, the drawing with the next frame; of several in haste the last one counts.
    cancelAnimationFrame(drawing);
    drawing = requestAnimationFrame(() => map.show(wanted));
  };

  const tell = (passed, wanted, filters) => {
    const found = passed.filter(Boolean).length;
    const sure = passed.filter((one) => one === 2).length;
    const split = filters.asked.length && found ? ` (${sure} say so, ${found - sure} may be)` : "";
    const venues = wanted.filter(Boolean).length;
    document.getElementById("count").textContent =
      `${found} of ${passed.length} activities${split}, at ${venues} of ${wanted.length} venues on the map.`;
    document.getElementById("more").hidden = !table.left;
    document.getElementById("more").textContent = `Show more (${table.left} left)`;
    const note = document.getElementById("filters-in-words");
    const words = filtersInWords();
    note.hidden = !words;
    note.textContent = words ? `This list is filtered. ${words}.` : "";
  };

  document.getElementById("filters").addEventListener("input", apply);
  document.getElementById("clear").addEventListener("click", () => {
    clearFilters();
    apply();
  });
  document.getElementById("more").addEventListener("click", () => {
    table.more();
    document.getElementById("more").hidden = !table.left;
    document.getElementById("more").textContent = `Show more (${table.left} left)`;
  });
  document.getElementById("zoom-city").addEventListener("click", () => map.zoomTo(map.city));
  document.getElementById("zoom-all").addEventListener("click", () => map.zoomTo(map.all));
  document.getElementById("download").addEventListener("click", () => {
    download("activities.csv", table.csv(data.sample));
  });
  apply();
  requestIdleCallback(() => table.text(0));
}

document.querySelector("#members .button").addEventListener("click", () => document.getElementById("members").close());
makeSwitches();
followContents();
showFocus();
startMap();
