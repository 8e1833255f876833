// Marks in the contents which section is being read; on a narrow screen the contents are folded.
function followContents() {
  const links = new Map();
  document.querySelectorAll(".contents a").forEach((link) => links.set(link.hash.slice(1), link));
  const inView = new Set();
  const watch = new IntersectionObserver((entries) => {
    entries.forEach((entry) => (entry.isIntersecting ? inView.add(entry.target.id) : inView.delete(entry.target.id)));
    const current = [...links.keys()].find((id) => inView.has(id));
    links.forEach((link, id) => {
      if (id === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }, { rootMargin: "-10% 0px -60% 0px" });
  links.forEach((_, id) => watch.observe(document.getElementById(id)));
  if (matchMedia("(max-width: 67.99rem)").matches) document.querySelector(".contents details").open = false;
}
