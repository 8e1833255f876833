// Which rows the filters let through. A row is [venue, yes, may, yes, may, …], two bit sets for each filter.
const NAMES = ["need", "age", "tier", "zone", "day", "city", "leave", "siblings", "step_free"];

function readFilters() {
  const asked = [];
  NAMES.forEach((name, place) => {
    const value = document.getElementById(`f-${name}`).value;
    if (value !== "") asked.push({ place, value });
  });
  return {
    asked,
    words: plainText(document.getElementById("f-search").value).split(" ").filter(Boolean),
    withMay: document.getElementById("f-may").checked,
  };
}

function clearFilters() {
  NAMES.forEach((name) => (document.getElementById(`f-${name}`).value = ""));
  document.getElementById("f-search").value = "";
  document.getElementById("f-may").checked = true;
}

// 2 where the row says what is asked for, 1 where it may be so, 0 where it is not.
function passes(row, filters) {
  let found = 2;
  for (const { place, value } of filters.asked) {
    const yes = row[1 + 2 * place];
    const may = row[2 + 2 * place];
    let one;
    if (value === "yes") one = yes & 1 ? 2 : 0;
    else if (value === "no") one = yes & 2 ? 2 : 0;
    else if (value === "may") one = yes & 1 ? 2 : may & 1 ? 1 : 0;
    else one = yes & (1 << value) ? 2 : filters.withMay && may & (1 << value) ? 1 : 0;
    if (!one) return 0;
    found = Math.min(found, one);
  }
  return found;
}

function plainText(words) {
  return words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

function filtersInWords() {
  const told = NAMES.map((name) => document.getElementById(`f-${name}`))
    .filter((field) => field.value !== "")
    .map((field) => `${field.labels[0].textContent}: ${field.selectedOptions[0].textContent}`);
  const search = document.getElementById("f-search").value.trim();
  if (search) told.unshift(`Search: ${search}`);
  return told.join("; ");
}
