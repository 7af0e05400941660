/* A button that copies a text; without this script the text is selected by hand. */
document.querySelectorAll("[data-copy]").forEach(function (place) {
  var text = document.getElementById(place.dataset.copy), button = document.createElement("button");
  button.type = "button";
  button.textContent = place.dataset.label;
  button.addEventListener("click", function () {
    text.select();
    if (navigator.clipboard) navigator.clipboard.writeText(text.value);
    else document.execCommand("copy");
  });
  place.appendChild(button);
});
