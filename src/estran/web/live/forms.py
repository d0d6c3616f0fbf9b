"""Forms of the page of devices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from estran.web.live.catalogue import PHONE_WORDS, SAMPLING_WORDS, App
from estran.web.live.setup import FINE, Phone
from estran.web.live.work import LONGEST_NAME

_LONGEST_PHRASE_BYTES = 32
"""OwnTracks pads a phrase to 32 bytes and cuts a longer one off without a word."""


class AddForm(forms.Form):
    """A new device: its name, and the settings that its link will hold."""

    name = forms.CharField(label=_("What do you call it?"), max_length=LONGEST_NAME)
    phone = forms.ChoiceField(label=_("Which phone?"), required=False)
    sampling = forms.ChoiceField(
        label=_("How closely should it look?"), choices=list(SAMPLING_WORDS.items()), required=False
    )

    def __init__(self, *args: Any, app: App, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.app = app
        phones = [(phone.value, PHONE_WORDS[phone]) for phone in app.phones]
        phone = self.fields["phone"]
        if isinstance(phone, forms.ChoiceField):
            phone.choices = phones
        phone.required = len(phones) > 1
        if len(phones) <= 1:
            del self.fields["phone"]
        if not app.has_link:
            del self.fields["sampling"]

    @property
    def chosen_phone(self) -> str:
        """The phone's system; the only one where there is no choice."""
        only = self.app.phones[0].value if len(self.app.phones) == 1 else Phone.OTHER.value
        return str(self.cleaned_data.get("phone") or only)

    @property
    def chosen_sampling(self) -> str:
        """How often it looks, the finer one where nothing was said."""
        return str(self.cleaned_data.get("sampling") or FINE.key)


class NameForm(forms.Form):
    """Another name."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)


class PhraseForm(forms.Form):
    """The phrase with which OwnTracks encrypts."""

    phrase = forms.CharField(
        label=_("Phrase of encryption"), required=False, strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip

    def clean_phrase(self) -> str:
        """Refuse what OwnTracks would cut off."""
        phrase = str(self.cleaned_data["phrase"])
        if len(phrase.encode()) > _LONGEST_PHRASE_BYTES:
            raise forms.ValidationError(
                _("OwnTracks takes 32 letters at most; accents count twice."), code="long"
            )
        return phrase
