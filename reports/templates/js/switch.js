// Grids of several places: without a script all are read one after the other, with it one at a time.
function makeSwitches() {
  document.querySelectorAll("[data-switch]").forEach((box, number) => {
    const panels = [...box.querySelectorAll(":scope > [data-panel]")];
    if (panels.length < 2) {
      box.classList.add("is-ready");
      return;
    }
    const bar = document.createElement("fieldset");
    bar.className = "switch-bar";
    const legend = document.createElement("legend");
    legend.textContent = box.dataset.switch;
    bar.append(legend);
    panels.forEach((panel, place) => {
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.type = "radio";
      input.name = `switch-${number}`;
      input.checked = place === 0;
      input.addEventListener("change", () => show(panels, panel));
      label.append(input, panel.dataset.panel);
      bar.append(label);
    });
    box.prepend(bar);
    show(panels, panels[0]);
    box.classList.add("is-ready");
  });
}

function show(panels, wanted) {
  panels.forEach((panel) => panel.classList.toggle("is-away", panel !== wanted));
}
