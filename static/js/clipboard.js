// Copying: the link to a section, and code. Says what it did in the page's live region.

const TOAST_TIME = 2500; // milliseconds
let timer;

function say(message) {
  const toast = document.querySelector("[data-toast]");
  toast.textContent = message;
  clearTimeout(timer);
  timer = setTimeout(() => {
    toast.textContent = "";
  }, TOAST_TIME);
}

async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // A portal on plain http has no clipboard interface; the old command still works there.
  const field = document.createElement("textarea");
  const focused = document.activeElement;
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus();
  if (!done) {
    throw new Error("The browser did not copy.");
  }
}

async function copyAndSay(text, message) {
  try {
    await copy(text);
    say(message);
  } catch {
    say(document.body.dataset.notCopied);
  }
}

export function startClipboard() {
  const words = document.body.dataset;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-copy-link]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      // The link is followed as well: its address stands in the bar, to be seen and shared.
      copyAndSay(link.href, words.linkCopied);
      return;
    }
    const button = event.target.closest("[data-copy-code]");
    if (button) {
      copyAndSay(button.closest("[data-code]").querySelector("code").textContent, words.codeCopied);
    }
  });
}
