// A menu is a details element and opens by itself. Here it learns to close: on Escape, and when the reader goes on.

export function startMenus() {
  const menus = document.querySelectorAll("[data-menu]");
  if (!menus.length) {
    return;
  }
  const closeOthers = (target) => {
    for (const menu of menus) {
      if (menu.open && !menu.contains(target)) {
        menu.open = false;
      }
    }
  };
  document.addEventListener("click", (event) => closeOthers(event.target));
  document.addEventListener("focusin", (event) => closeOthers(event.target));
  for (const menu of menus) {
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  }
}
