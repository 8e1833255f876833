// The map: shapes and points in metres, without tiles. What it shows is listed in the table, so it needs no keyboard
// stop for each venue; arrow keys move it, plus and minus zoom.
const TINTS = ["#e3eef0", "#eeeaf4", "#e8efe2"];
const INSIDE = { radius: 7, color: "#fff", weight: 1.5, fillColor: "#8c1c2e", fillOpacity: 1 };
const OUTSIDE = { radius: 6.5, color: "#14508c", weight: 2.6, fillColor: "#fff", fillOpacity: 1 };
const UNSURE = { radius: 12, color: "#1a2230", weight: 2, dashArray: "4 3", fill: false, interactive: false };
const CLOSE = -0.5;
const FAR = -3;

class VenueMap {
  constructor(box, data, listAt) {
    this.data = data;
    this.listAt = listAt;
    this.map = L.map(box, {
      crs: L.CRS.Simple, minZoom: -6, maxZoom: 1.5, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 120,
      preferCanvas: true, attributionControl: false,
      zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    this.#drawAreas();
    this.#drawOrigins();
    this.markers = data.venues.map((venue) => this.#marker(venue));
    this.visible = this.markers.map(() => false);
    L.control.scale({ imperial: false }).addTo(this.map);
    this.all = L.latLngBounds(data.venues.map(([x, y]) => [y, x])).extend(this.city);
    // From afar the names of estates and school would run into one another.
    this.map.on("zoomend", () => box.classList.toggle("is-far", this.map.getZoom() < FAR));
    const [west, south, east, north] = data.view;
    this.zoomTo([[south, west], [north, east]]);
  }

  show(wanted) {
    this.markers.forEach((layers, place) => {
      if (wanted[place] === this.visible[place]) return;
      layers.forEach((layer) => (wanted[place] ? layer.addTo(this.map) : layer.remove()));
      this.visible[place] = wanted[place];
    });
  }

  zoomTo(bounds) {
    this.map.fitBounds(bounds, { padding: [8, 8], animate: false });
  }

  open(place) {
    const [x, y] = this.data.venues[place];
    this.map.setView([y, x], Math.max(this.map.getZoom(), CLOSE), { animate: false });
    this.markers[place].at(-1).openPopup();
  }

  #drawAreas() {
    const turned = (rings) => rings.map((ring) => ring.map(([x, y]) => [y, x]));
    this.data.areas.forEach((area, place) => {
      const shape = L.polygon(turned(area.rings), {
        interactive: false, color: area.is_city ? "#8c1c2e" : "#8793a1", weight: area.is_city ? 4 : 1.2,
        fillColor: area.is_city ? "#fff3e6" : TINTS[place % TINTS.length], fillOpacity: 1,
      }).addTo(this.map);
      if (area.is_city) this.city = shape.getBounds();
      if (area.label) this.#name(area);
    });
    if (this.data.near.length) {
      L.polygon(turned(this.data.near), {
        interactive: false, fill: false, color: "#4a5563", weight: 1.8, dashArray: "7 5",
      }).addTo(this.map);
    }
  }

  #name(area) {
    const words = document.createElement("span");
    words.textContent = area.name;
    const className = area.is_city ? "area-name city" : "area-name";
    const [x, y] = area.label;
    L.marker([y, x], { icon: L.divIcon({ html: words, className, iconSize: null }), interactive: false, keyboard: false })
      .addTo(this.map);
  }

  #drawOrigins() {
    const middle = this.city.getCenter().lng;
    this.data.origins.forEach(([name, isHome, x, y]) => {
      const words = document.createElement("span");
      words.textContent = name;
      const className = `origin ${isHome ? "home" : "school"} ${x < middle ? "right" : "left"}`;
      L.marker([y, x], { icon: L.divIcon({ html: words, className, iconSize: null }), interactive: false, keyboard: false })
        .addTo(this.map);
    });
  }

  // The layers of one venue, the last of which answers to a click.
  #marker([x, y, isInside, isCertain, name]) {
    const dot = L.circleMarker([y, x], isInside ? INSIDE : OUTSIDE);
    dot.bindTooltip(() => element("span", name));
    dot.bindPopup(() => this.#popup(dot, name));
    return isCertain ? [dot] : [L.circleMarker([y, x], UNSURE), dot];
  }

  #popup(dot, name) {
    const box = element("div", "", "venue-box");
    const list = element("ul");
    const place = this.markers.findIndex((layers) => layers.at(-1) === dot);
    this.listAt(place).forEach((words) => list.append(element("li", words)));
    box.append(element("h4", name), list);
    return box;
  }
}

function element(tag, words = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = words;
  if (className) made.className = className;
  return made;
}
