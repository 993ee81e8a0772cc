// Marks in the table of contents the section that is being read.

const READING_LINE = 0.3; // of the window's height, from the top

export function startContents() {
  const links = [...document.querySelectorAll("[data-contents] a")];
  const article = document.querySelector("[data-article-body]");
  if (!links.length || !article) {
    return;
  }
  const anchorOf = (link) => decodeURIComponent(link.hash.slice(1));
  const headings = [...new Set(links.map(anchorOf))].map((id) => document.getElementById(id)).filter(Boolean);
  if (!headings.length) {
    return;
  }

  const mark = () => {
    const line = innerHeight * READING_LINE;
    const page = document.documentElement;
    const atEnd = scrollY > 0 && scrollY + innerHeight >= page.scrollHeight - 2;
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top <= line);
    const current = atEnd ? headings.at(-1) : passed.at(-1);
    for (const link of links) {
      if (current && anchorOf(link) === current.id) {
        if (link.getAttribute("aria-current") !== "location") {
          link.setAttribute("aria-current", "location");
          keepInView(link);
        }
      } else {
        link.removeAttribute("aria-current");
      }
    }
  };

  // Only a heading that crosses the reading line, or the end of the page coming into view, changes anything. The
  // watched box reaches far above the window, so that a heading that a long jump leaves behind counts as crossing.
  const observer = new IntersectionObserver(mark, { rootMargin: `1000000px 0px -${(1 - READING_LINE) * 100}% 0px` });
  for (const heading of headings) {
    observer.observe(heading);
  }
  new IntersectionObserver(mark).observe(document.querySelector("[data-page-end]"));
  mark();
}

function keepInView(link) {
  const box = link.closest("[data-contents]");
  const { top, bottom } = link.getBoundingClientRect();
  const frame = box.getBoundingClientRect();
  if (top < frame.top) {
    box.scrollTop -= frame.top - top;
  } else if (bottom > frame.bottom) {
    box.scrollTop += bottom - frame.bottom;
  }
}
