const root = document.documentElement;
root.lang = (navigator.language || "en").toLowerCase().startsWith("zh") ? "zh" : "en";
document.querySelector("#language").addEventListener("click", () => {
  root.lang = root.lang === "zh" ? "en" : "zh";
});
