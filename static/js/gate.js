// Scans with the camera where the browser can read codes itself; without it the page works as it is.
// The paper of the last check must first be taken away: nothing is read before the camera has seen no code for a moment.
(function () {
  "use strict";
  var form = document.querySelector("form[data-scan]");
  if (!form || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  var field = form.elements.code;
  var beside = document.querySelector("main.gate"); // a verdict, with little room
  var armed = false;
  var emptyLooks = 0;
  var detector, video;

  function look() {
    if (!video.isConnected) return;
    detector.detect(video).then(function (codes) {
      if (!codes.length) {
        emptyLooks += 1;
        armed = armed || emptyLooks > 4;
      } else if (armed) {
        video.srcObject.getTracks().forEach(function (track) { track.stop(); });
        field.value = codes[0].rawValue;
        form.submit();
        return;
      } else {
        emptyLooks = 0;
      }
      setTimeout(look, 150);
    }, function () { setTimeout(look, 500); });
  }

  function start() {
    return navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then(function (stream) {
      video = document.createElement("video");
      video.setAttribute("playsinline", "");
      video.muted = true;
      if (beside) video.height = 48;
      else video.width = form.clientWidth;
      field.hidden = Boolean(beside);
      video.srcObject = stream;
      form.insertBefore(video, form.firstChild);
      return video.play().then(look);
    });
  }

  function offer() {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "q";
    button.textContent = form.dataset.scan;
    button.addEventListener("click", function () {
      start().then(function () { button.remove(); }, function () { field.focus(); });
    });
    form.appendChild(button);
  }

  BarcodeDetector.getSupportedFormats().then(function (formats) {
    if (formats.indexOf("qr_code") < 0) return;
    detector = new BarcodeDetector({ formats: ["qr_code"] });
    if (!navigator.permissions) return offer();
    navigator.permissions.query({ name: "camera" }).then(function (permission) {
      if (permission.state === "granted") return start().catch(offer);
      offer();
    }, offer);
  });
})();
