// Runs before the first paint, so that a dark page never flashes white.
(() => {
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto";
    }
  };
  const apply = () => {
    const theme = chosen();
    root.dataset.bsTheme = theme === "auto" ? (device.matches ? "dark" : "light") : theme;
    root.dataset.themeChoice = theme;
  };
  apply();
  device.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  document.addEventListener("portal:theme", apply);
})();
