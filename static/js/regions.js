// Boxes that scroll sideways are stops for the keyboard only while there is something to scroll to.

export function startRegions() {
  const boxes = document.querySelectorAll("[data-scroll-box]");
  if (!boxes.length) {
    return;
  }
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) {
        target.tabIndex = 0;
      } else {
        target.removeAttribute("tabindex");
      }
    }
  });
  for (const box of boxes) {
    observer.observe(box);
  }
}
