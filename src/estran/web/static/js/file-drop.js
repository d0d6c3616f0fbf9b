// <file-drop>: drag files or folders onto the form, and see what share has truly been sent.
// Without this script the form inside works by itself.

class FileDrop extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.input = this.querySelector("input[type=file]");
    this.bar = this.querySelector("progress");
    this.status = this.querySelector(".status");
    this.depth = 0;
    this.addEventListener("dragenter", (event) => this.enter(event));
    this.addEventListener("dragover", (event) => event.preventDefault());
    this.addEventListener("dragleave", () => this.leave());
    this.addEventListener("drop", (event) => this.drop(event));
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.input.addEventListener("change", () => {
      if (this.input.files.length) this.send([...this.input.files]);
    });
  }

  enter(event) {
    event.preventDefault();
    this.depth += 1;
    this.classList.add("over");
  }

  leave() {
    this.depth = Math.max(0, this.depth - 1);
    if (!this.depth) this.classList.remove("over");
  }

  async drop(event) {
    event.preventDefault();
    this.depth = 0;
    this.classList.remove("over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.());
    const plain = [...event.dataTransfer.files];
    const files = entries.some((entry) => entry?.isDirectory) ? await files_of(entries) : plain;
    if (files.length) this.send(files);
  }

  submit(event) {
    if (!this.input.files.length) return;
    event.preventDefault();
    this.send([...this.input.files]);
  }

  send(files) {
    if (this.busy) return;
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size > Number(this.dataset.limitBytes)) {
      this.say(this.dataset.large);
      return;
    }
    const body = new FormData();
    const token = this.form.querySelector("[name=csrfmiddlewaretoken]");
    if (token) body.append("csrfmiddlewaretoken", token.value);
    for (const file of files) body.append("files", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", this.form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => this.sent(event));
    request.addEventListener("load", () => this.answered(request));
    request.addEventListener("error", () => this.stop(this.dataset.lost));
    this.busy = true;
    this.bar.hidden = false;
    this.form.querySelector("button").disabled = true;
    request.send(body);
  }

  sent(event) {
    if (!event.lengthComputable) return;
    const share = event.loaded / event.total;
    this.bar.value = share;
    this.say(this.dataset.sending.replace("{percent}", String(Math.floor(share * 100))));
  }

  answered(request) {
    if (request.status === 201 && request.response?.url) {
      this.say(this.dataset.taken);
      location.assign(request.response.url);
    } else {
      this.stop(request.response?.message ?? this.dataset.lost);
    }
  }

  stop(words) {
    this.busy = false;
    this.bar.hidden = true;
    this.form.querySelector("button").disabled = false;
    this.form.reset();
    this.say(words);
  }

  say(words) {
    this.status.textContent = words;
  }
}

// A dropped folder gives its files a hundred at a time, until it gives none.
async function files_of(entries) {
  const files = [];
  for (const entry of entries.filter(Boolean)) {
    if (entry.isFile) {
      files.push(await new Promise((done, fail) => entry.file(done, fail)));
      continue;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!some.length) break;
      files.push(...(await files_of(some)));
    }
  }
  return files;
}

customElements.define("file-drop", FileDrop);
