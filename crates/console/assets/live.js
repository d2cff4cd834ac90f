// Brings the newest decisions without the flicker of a reload. Without this script the page
// reloads itself, as its head says; nothing else is lost.
(() => {
  const live = document.querySelector("[data-live-seconds]");
  if (!live) return;
  const parts = ["counters", "decisions"];
  const busy = () =>
    document.hidden ||
    !getSelection().isCollapsed ||
    document.getElementById("decisions").contains(document.activeElement);

  async function refresh() {
    if (busy()) return;
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of parts) {
      const fresh = page.getElementById(id);
      const stale = document.getElementById(id);
      if (fresh && stale && !fresh.isEqualNode(stale)) stale.replaceWith(fresh);
    }
  }

  // A server that is away for a moment is asked again.
  setInterval(() => refresh().catch(() => {}), live.dataset.liveSeconds * 1000);
})();
