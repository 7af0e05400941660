// The codes of a list one after the other, as long as the phone needs; without this script they stand below each other.
(function () {
  "use strict";
  var EACH = 700; // ms: a phone reads a few in a second, and misses some
  var place = document.querySelector("[data-showing]");
  var codes = Array.prototype.slice.call(place.querySelectorAll("[data-code]"));
  if (codes.length < 2) return;
  var button = document.createElement("button");
  var shown = -1, timer = null;

  function next() {
    shown = (shown + 1) % codes.length;
    codes.forEach(function (code, number) { code.hidden = number !== shown; });
  }

  function start() {
    timer = setInterval(next, EACH);
    button.textContent = place.dataset.hold;
  }

  function hold() {
    clearInterval(timer);
    timer = null;
    button.textContent = place.dataset.showing;
  }

  button.type = "button";
  button.className = "q";
  button.addEventListener("click", function () { if (timer) hold(); else start(); });
  place.parentNode.insertBefore(button, place);
  next();
  start();
})();
