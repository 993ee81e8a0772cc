// Light or dark: the system's, until the reader says otherwise. A choice that equals the system's is forgotten.

const KEY = "portal-theme";
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const sheet = document.getElementById("dark-theme");
const systemMedia = "screen and (prefers-color-scheme: dark)";

function isDark() {
  const choice = document.documentElement.dataset.theme;
  return choice ? choice === "dark" : systemDark.matches;
}

function show(buttons) {
  for (const button of buttons) {
    button.setAttribute("aria-pressed", String(isDark()));
  }
}

function choose(dark) {
  const root = document.documentElement;
  const own = dark !== systemDark.matches;
  if (own) {
    root.dataset.theme = dark ? "dark" : "light";
    sheet.media = dark ? "screen" : "not all";
  } else {
    delete root.dataset.theme;
    sheet.media = systemMedia;
  }
  try {
    if (own) {
      localStorage.setItem(KEY, root.dataset.theme);
    } else {
      localStorage.removeItem(KEY);
    }
  } catch {
    // Without storage the choice holds for this page.
  }
}

export function startTheme() {
  const buttons = document.querySelectorAll("[data-theme-toggle]");
  for (const button of buttons) {
    button.addEventListener("click", () => {
      choose(!isDark());
      show(buttons);
    });
  }
  systemDark.addEventListener("change", () => show(buttons));
  show(buttons);
}
