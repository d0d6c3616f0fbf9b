// Passkeys: make one or use one, and ask it for the secret that may open the vault (PRF).
//
// The secret goes to this site in a field of its own, as a password would, and is taken out
// of what is kept. Where a browser or a passkey gives none, the field stays empty.

const PURPOSE = new TextEncoder().encode("estran vault key 1");
const isAddress = /^[\d.]+$|^\[/.test(location.hostname); // passkeys belong to a name
const canDo = Boolean(globalThis.PublicKeyCredential && isSecureContext && !isAddress);

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const described = (list = []) => list.map((one) => ({ ...one, id: toBytes(one.id) }));
const prf = () => ({ prf: { eval: { first: PURPOSE } } });

async function make(options, name) {
  const { user, challenge, excludeCredentials, extensions } = options;
  const credential = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(challenge),
      user: { ...user, id: toBytes(user.id), ...(name && { name, displayName: name }) },
      excludeCredentials: described(excludeCredentials),
      extensions: { ...extensions, ...prf() },
    },
  });
  const { response } = credential;
  const results = credential.getClientExtensionResults();
  return {
    credential: {
      ...named(credential),
      response: {
        clientDataJSON: toText(response.clientDataJSON),
        attestationObject: toText(response.attestationObject),
        transports: response.getTransports?.() ?? [],
      },
      clientExtensionResults: { credProps: results.credProps },
    },
    secret: results.prf?.results?.first ?? (results.prf?.enabled ? await asked(credential) : null),
  };
}

// Some passkeys tell their secret only when they are used: use it once, for nothing else.
async function asked(made) {
  try {
    const used = await navigator.credentials.get({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        allowCredentials: [{ type: "public-key", id: made.rawId }],
        userVerification: "required",
        extensions: prf(),
      },
    });
    return used.getClientExtensionResults().prf?.results?.first;
  } catch {
    return null;
  }
}

async function use(options) {
  const credential = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: described(options.allowCredentials),
      extensions: prf(),
    },
  });
  const { response } = credential;
  return {
    credential: {
      ...named(credential),
      response: {
        clientDataJSON: toText(response.clientDataJSON),
        authenticatorData: toText(response.authenticatorData),
        signature: toText(response.signature),
        userHandle: response.userHandle ? toText(response.userHandle) : null,
      },
      clientExtensionResults: {},
    },
    secret: credential.getClientExtensionResults().prf?.results?.first,
  };
}

const named = ({ id, rawId, type, authenticatorAttachment }) => ({
  id, type, authenticatorAttachment, rawId: toText(rawId),
});

async function optionsOf(form) {
  const here = form.querySelector("script[type='application/json']");
  if (here) return JSON.parse(here.textContent);
  const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no options");
  return (await answer.json()).request_options;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button[type=submit]");
  const told = form.querySelector("[role=alert]");
  for (const part of form.querySelectorAll("[data-if-passkeys]")) part.hidden = !canDo;
  for (const part of form.querySelectorAll("[data-unless-passkeys]")) part.hidden = canDo;
  if (!canDo) continue;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    told.hidden = true;
    try {
      const { publicKey } = await optionsOf(form);
      const makes = form.dataset.passkey === "make";
      const done = makes ? await make(publicKey, form.elements.email?.value) : await use(publicKey);
      form.elements.credential.value = JSON.stringify(done.credential);
      if (form.elements.prf) form.elements.prf.value = done.secret ? toText(done.secret) : "";
      form.submit();
    } catch {
      told.hidden = false;
      button.disabled = false;
    }
  });
}
