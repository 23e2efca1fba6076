// Draws the merged document, and sends the pasted token with calls to this address only.
"use strict";

const examples = new Map();

// The headers' examples are filled in for every call. Nobody means them: an entity tag of
// something else would be refused, and a key used twice would replay the first answer.
function readExamples(response) {
  if (response.url.endsWith("/openapi.json")) {
    const parameters = JSON.parse(response.text).components?.parameters ?? {};
    for (const { in: place, name, example } of Object.values(parameters)) {
      if (place === "header") {
        examples.set(name, example);
      }
    }
  }
  return response;
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function prepare(request) {
  for (const [name, example] of examples) {
    if (request.headers?.[name] === example) {
      delete request.headers[name];
      if (name === "Idempotency-Key") {
        request.headers[name] = newKey();
      }
    }
  }
  const token = document.getElementById("token").value.trim();
  const target = new URL(request.url, window.location.href);
  if (token !== "" && target.origin === window.location.origin) {
    request.headers.Authorization = `Bearer ${token}`;
  }
  return request;
}

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#viewer",
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "none",
  filter: true,
  tryItOutEnabled: true,
  // The public validator would be told every document that is opened.
  validatorUrl: null,
  requestInterceptor: prepare,
  responseInterceptor: readExamples,
});
