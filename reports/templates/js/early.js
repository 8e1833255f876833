// Runs before the page is laid out, so that what a script will fold away is never laid out first. Should a script
// fail, everything is shown again.
document.documentElement.classList.add("js");
addEventListener("error", () => document.documentElement.classList.remove("js"));
