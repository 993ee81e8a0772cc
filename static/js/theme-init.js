// Runs before anything is painted, so that the chosen theme does not flash in. Without it the page follows the system.
(() => {
  const root = document.documentElement;
  root.dataset.script = "";
  let choice = null;
  try {
    choice = localStorage.getItem("portal-theme");
  } catch {
    // Storage may be switched off: the system's theme holds.
  }
  if (choice === "light" || choice === "dark") {
    root.dataset.theme = choice;
    document.getElementById("dark-theme").media = choice === "dark" ? "screen" : "not all";
  }
})();
