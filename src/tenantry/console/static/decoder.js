// Decodes a JSON Web Token (RFC 7519, section 7.2) in the browser. Nothing is sent.
"use strict";

const box = document.getElementById("decoder");
const field = document.getElementById("jwt");
const result = document.getElementById("result");
const decoded = document.getElementById("decoded");

function part(text) {
  const bytes = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(
    Uint8Array.from(bytes, (each) => each.charCodeAt(0))));
}

function expiry(claims) {
  if (typeof claims.exp !== "number") return "";
  const end = new Date(claims.exp * 1000);
  return end < new Date() ? box.dataset.expired : `${box.dataset.expires} ${end.toISOString()}`;
}

function decode() {
  const parts = field.value.trim().split(".");
  decoded.hidden = true;
  result.textContent = "";
  if (!field.value.trim()) return;
  try {
    const [header, claims] = [part(parts[0]), part(parts[1])];
    decoded.firstChild.textContent = JSON.stringify({ header, claims }, null, 2);
    decoded.hidden = parts.length !== 3;
    result.textContent = parts.length === 3 ? expiry(claims) : box.dataset.invalid;
  } catch {
    result.textContent = box.dataset.invalid;
  }
}

field.addEventListener("input", decode);
document.getElementById("needs-javascript").hidden = true;
box.hidden = false;
