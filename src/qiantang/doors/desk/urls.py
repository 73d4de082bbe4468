"""The desk's addresses, all below ``/desk/``."""

from __future__ import annotations

from django.urls import path

from qiantang.doors.desk.views import (
    access,
    accounts,
    entries,
    figures,
    inbox,
    indices,
    intake_deliver,
    intake_reading,
    intake_run,
    intake_sources,
    overrule,
    publishable,
    resources,
    sheets,
    tokens,
    upkeep,
)

app_name = "desk"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("sign-in/", access.sign_in, name="sign_in"),
    path("sign-out/", access.sign_out, name="sign_out"),
    path("password/", access.password, name="password"),
    path("figures/new/", figures.new, name="observation_new"),
    path("figures/unit/", figures.unit, name="unit"),
    path("figures/<str:id>/", figures.correct, name="observation"),
    path("figures/<str:id>/withdraw/", figures.withdraw, name="observation_withdraw"),
    path("sheets/", sheets.upload, name="sheets"),
    path("sheets/template.xlsx", sheets.template, name="sheet_template"),
    path("submissions/<int:id>/", inbox.submission, name="submission"),
    path("submissions/<int:id>/approve/", inbox.approve, name="approve"),
    path("submissions/<int:id>/reject/", inbox.reject, name="reject"),
    path("submissions/<int:id>/withdraw/", inbox.withdraw, name="withdraw"),
    path("targets/<str:id>/overrule/", overrule.overrule, name="overrule"),
    path("targets/<str:id>/overrule/withdraw/", overrule.withdraw, name="overrule_withdraw"),
    path("publishable/", publishable.publishable, name="publishable"),
    path("publishable.<str:form>", publishable.file, name="publishable_file"),
    path("journal/", inbox.journal, name="journal"),
    path("people/", accounts.accounts, name="accounts"),
    path("people/<str:username>/<str:verb>/", accounts.act, name="account_act"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:id>/revoke/", tokens.revoke, name="token_revoke"),
    path("resources/", resources.resources, name="resources"),
    path("resources/new/", entries.new, name="entry_new"),
    path("resources/duty/", resources.fulfil, name="fulfil"),
    path("resources/<str:id>/", resources.resource, name="resource"),
    path("resources/<str:id>/deliver/", intake_deliver.deliver, name="deliver"),
    path("resources/<str:id>/edit/", entries.entry, name="entry"),
    path("resources/<str:id>/submit/", entries.submit, name="entry_submit"),
    path("resources/<str:id>/versions/", entries.versions, name="entry_versions"),
    path("resources/<str:id>/decide/", entries.decide, name="entry_decide"),
    path("resources/<str:id>/waive/", resources.waive, name="waive"),
    path("resources/<str:id>/waive/<int:waiver>/", resources.unwaive, name="unwaive"),
    path("resources/<str:id>/<str:verb>/", entries.act, name="entry_act"),
    path("runs/<str:id>/", intake_run.run, name="run"),
    path("runs/<str:id>/reading/", intake_reading.reading, name="reading"),
    path("runs/<str:id>/reading/preview/", intake_reading.preview, name="reading_preview"),
    path("runs/<str:id>/set-aside.xlsx", intake_run.set_aside, name="run_set_aside"),
    path("runs/<str:id>/decide/", intake_run.decide, name="run_decide"),
    path("runs/<str:id>/cancel/", intake_run.cancel, name="run_cancel"),
    path("runs/<str:id>/retry/", intake_run.retry, name="run_retry"),
    path("sources/", intake_sources.sources, name="sources"),
    path("sources/new/", intake_sources.new, name="source_new"),
    path("sources/<str:id>/", intake_sources.source, name="source"),
    path("sources/<str:id>/<str:verb>/", intake_sources.act, name="source_act"),
    path("indices/", indices.listing, name="indices"),
    path("indices/<str:id>/", indices.index, name="index"),
    path("indices/<str:id>/plan/", indices.plan, name="edition_plan"),
    path("indices/<str:id>/missing.xlsx", indices.missing, name="index_missing"),
    path("indices/<str:id>/editions/<int:number>/", indices.edition, name="edition"),
    path(
        "indices/<str:id>/editions/<int:number>/publish/", indices.publish, name="edition_publish"
    ),
    path(
        "indices/<str:id>/editions/<int:number>/discard/", indices.discard, name="edition_discard"
    ),
    path("upkeep/", upkeep.upkeep, name="upkeep"),
    path("upkeep/<str:table>/keep/", upkeep.keep, name="upkeep_keep"),
    path("upkeep/<str:table>/<str:verb>/", upkeep.ask, name="upkeep_ask"),
]
