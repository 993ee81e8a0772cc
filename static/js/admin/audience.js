// Says anew who sees the page, once its privacy was changed beside the editor.

document.addEventListener("w-privacy:changed", async () => {
  const place = document.querySelector("[data-audience]");
  if (!place) return;
  const answer = await fetch(place.dataset.audience, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  if (answer.ok) place.innerHTML = await answer.text();
});
