// A cell reached with the keyboard is brought wholly into view: browsers leave one as it is of which an edge is seen.
function showFocus() {
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(":focus-visible") && target.closest(".scroll > table")) {
      target.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  });
}
