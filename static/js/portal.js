// The one entry point. Every page works without it; each part below makes something more comfortable.
import { startClipboard } from "./clipboard.js";
import { startContents } from "./contents.js";
import { startMenus } from "./menus.js";
import { startRegions } from "./regions.js";
import { startTheme } from "./theme.js";

startTheme();
startMenus();
startContents();
startClipboard();
startRegions();

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => print());
}
