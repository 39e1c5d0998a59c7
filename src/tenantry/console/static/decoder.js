// Takes a JSON Web Token apart (RFC 7519, section 7.2), in this page alone: nothing is sent.
"use strict";

const box = document.getElementById("decoder");
const field = document.getElementById("jwt");
const verdict = document.getElementById("verdict");
const decoded = document.getElementById("decoded");

function part(text) {
  const bytes = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(
    Uint8Array.from(bytes, (each) => each.charCodeAt(0))));
}

function told(claims) {
  if (typeof claims.exp !== "number") return "";
  const end = new Date(claims.exp * 1000);
  return end < new Date() ? box.dataset.over : `${box.dataset.until} ${end.toISOString()}`;
}

function decode() {
  const parts = field.value.trim().split(".");
  decoded.hidden = true;
  verdict.textContent = "";
  if (!field.value.trim()) return;
  try {
    const [header, claims] = [part(parts[0]), part(parts[1])];
    decoded.firstChild.textContent = JSON.stringify({ header, claims }, null, 2);
    decoded.hidden = parts.length !== 3;
    verdict.textContent = parts.length === 3 ? told(claims) : box.dataset.bad;
  } catch {
    verdict.textContent = box.dataset.bad;
  }
}

field.addEventListener("input", decode);
document.getElementById("without").hidden = true;
box.hidden = false;
