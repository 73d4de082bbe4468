"""The desk's addresses, all below ``/desk/``."""

from __future__ import annotations

from django.urls import path

from qiantang.doors.desk.views import access, figures, inbox, overrule, sheets, tokens, upkeep

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
    path("journal/", inbox.journal, name="journal"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:id>/revoke/", tokens.revoke, name="token_revoke"),
    path("upkeep/", upkeep.upkeep, name="upkeep"),
    path("upkeep/<str:table>/keep/", upkeep.keep, name="upkeep_keep"),
    path("upkeep/<str:table>/<str:verb>/", upkeep.ask, name="upkeep_ask"),
]
