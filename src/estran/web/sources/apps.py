"""The app of sources: no rows, sealed documents only."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """What each source covers, its order, its removal."""

    name = "estran.web.sources"
    label = "sources"

    def ready(self) -> None:
        """Tell the workers how the jobs of this app are done."""
        from estran.web.sources.doing import register  # noqa: PLC0415 - models are loaded now

        register()
