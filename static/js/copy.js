/* A button that copies a text; without this script the text is selected by hand. */
document.querySelectorAll("[data-copy]").forEach(function (button) {
  var text = document.getElementById(button.getAttribute("data-copy"));
  button.hidden = false;
  button.addEventListener("click", function () {
    text.select();
    if (navigator.clipboard) navigator.clipboard.writeText(text.value);
    else document.execCommand("copy");
  });
});
