"""Who gets what at every URL: the table that the access matrix holds the portal to."""

from pathlib import Path

from tests.world import ROLES

COLUMNS = "anonymous nominee stranger judge conflicted chair organiser elsewhere superuser barred"
assert tuple(COLUMNS.split()) == ROLES

# A line: name, what it is about, method, answers. Ten answers are for the ten roles in the order of
# COLUMNS; two are for visitors and for everybody signed in; one is for all. "in" is the sign-in page.
MAIN = """
# Pages of no room.
common:health                              -                 GET   200
common:health                              -                 POST  405
common:robots                              -                 GET   200
common:robots                              -                 POST  405
# Signing in, and one's account.
set_language                               -                 GET   302
set_language                               -                 POST  302
account_login                              -                 GET   200 302
account_login                              -                 POST  200 302
account_logout                             -                 GET   302 200
account_logout                             -                 POST  302
account_inactive                           -                 GET   200
account_inactive                           -                 POST  405
account_signup                             -                 GET   200 302
account_signup                             -                 POST  200 302
account_reauthenticate                     -                 GET   in 200
account_reauthenticate                     -                 POST  in 200
account_email                              -                 GET   in 200
account_email                              -                 POST  in 302
account_email_verification_sent            -                 GET   200
account_email_verification_sent            -                 POST  405
account_change_password                    -                 GET   in 200
account_change_password                    -                 POST  in 200
account_set_password                       -                 GET   in 302
account_set_password                       -                 POST  in 302
account_reset_password                     -                 GET   200
account_reset_password                     -                 POST  200
account_confirm_login_code                 -                 GET   in 302
account_confirm_login_code                 -                 POST  in 302
account_reset_password_from_key_done       -                 GET   200
account_reset_password_from_key_done       -                 POST  405
account_reset_password_done                -                 GET   200
account_reset_password_done                -                 POST  405
account_confirm_email                      unknown           GET   200
account_confirm_email                      unknown           POST  404
account_reset_password_from_key            unknown           GET   200
account_reset_password_from_key            unknown           POST  200
# The desk and organisations.
accounts:desk                              -                 GET   in 200
accounts:desk                              -                 POST  in 405
accounts:profile                           -                 GET   in 200
accounts:profile                           -                 POST  in 200
accounts:organisation_add                  -                 GET   in 200
accounts:organisation_add                  -                 POST  in 302
accounts:organisation                      own               GET   in  200  404  404  200  404  404  404  404  404
accounts:organisation                      own               POST  in  302  404  404  403  404  404  404  404  404
# Seasons.
seasons:home                               -                 GET   200
seasons:home                               -                 POST  405
seasons:season                             published         GET   200
seasons:season                             published         POST  405
seasons:season                             unpublished       GET   404  404  404  404  404  404  200  404  200  200
seasons:season                             unpublished       POST  405
seasons:rules                              published         GET   200
seasons:rules                              published         POST  405
seasons:rules                              unpublished       GET   404  404  404  404  404  404  200  404  200  200
seasons:rules                              unpublished       POST  405
seasons:theme                              published         GET   200
seasons:theme                              published         POST  405
seasons:theme                              unpublished       GET   404  404  404  404  404  404  200  404  200  200
seasons:theme                              unpublished       POST  405
# Nominations and entries.
nominations:nomination_list                published         GET   200
nominations:nomination_list                published         POST  405
nominations:nomination_list                unpublished       GET   404  404  404  404  404  404  200  404  200  200
nominations:nomination_list                unpublished       POST  405
nominations:enter                          published         GET   in 200
nominations:enter                          published         POST  in 422
nominations:enter                          unpublished       GET   in  404  404  404  404  404  200  404  200  200
nominations:enter                          unpublished       POST  in  404  404  404  404  404  422  404  422  422
nominations:nomination                     published         GET   200
nominations:nomination                     published         POST  405
nominations:nomination                     unpublished       GET   404  404  404  404  404  404  200  404  200  200
nominations:nomination                     unpublished       POST  405
nominations:entry                          draft             GET   in  200  404  404  200  404  200  404  200  404
nominations:entry                          draft             POST  in 405
nominations:entry_details                  draft             GET   in  200  404  404  200  404  403  404  403  404
nominations:entry_details                  draft             POST  in  302  404  404  403  404  403  404  403  404
nominations:essay                          draft             GET   in  200  404  404  200  404  403  404  403  404
nominations:essay                          draft             POST  in  302  404  404  403  404  403  404  403  404
nominations:attachment_add                 draft             GET   in 405
nominations:attachment_add                 draft             POST  in  302  404  404  403  404  403  404  403  404
nominations:preview                        draft             GET   in  200  404  404  200  404  403  404  403  404
nominations:preview                        draft             POST  in 405
nominations:submit                         draft             GET   in 405
nominations:submit                         draft             POST  in  302  404  404  403  404  403  404  403  404
nominations:withdraw                       draft             GET   in 405
nominations:withdraw                       draft             POST  in  302  404  404  403  404  403  404  403  404
nominations:answer_save                    draft             GET   in  200  404  404  200  404  403  404  403  404
nominations:answer_save                    draft             POST  in  200  404  404  403  404  403  404  403  404
nominations:attachment                     draft             GET   in  200  404  404  200  404  404  404  404  404
nominations:attachment                     draft             POST  in 405
nominations:attachment_remove              draft             GET   in 405
nominations:attachment_remove              draft             POST  in  302  404  404  403  404  403  404  403  404
nominations:entry                          admitted          GET   in  200  404  404  200  404  200  404  200  404
nominations:entry                          admitted          POST  in 405
nominations:entry_details                  admitted          GET   in  200  404  404  200  404  403  404  403  404
nominations:entry_details                  admitted          POST  in  302  404  404  403  404  403  404  403  404
nominations:essay                          admitted          GET   in  200  404  404  200  404  403  404  403  404
nominations:essay                          admitted          POST  in  302  404  404  403  404  403  404  403  404
nominations:attachment_add                 admitted          GET   in 405
nominations:attachment_add                 admitted          POST  in  302  404  404  403  404  403  404  403  404
nominations:preview                        admitted          GET   in  200  404  404  200  404  403  404  403  404
nominations:preview                        admitted          POST  in 405
nominations:submit                         admitted          GET   in 405
nominations:submit                         admitted          POST  in  302  404  404  403  404  403  404  403  404
nominations:withdraw                       admitted          GET   in 405
nominations:withdraw                       admitted          POST  in  302  404  404  403  404  403  404  403  404
nominations:answer_save                    admitted          GET   in  200  404  404  200  404  403  404  403  404
nominations:answer_save                    admitted          POST  in  200  404  404  403  404  403  404  403  404
nominations:attachment                     admitted          GET   in  200  404  404  200  404  200  404  200  404
nominations:attachment                     admitted          POST  in 405
nominations:attachment_remove              admitted          GET   in 405
nominations:attachment_remove              admitted          POST  in  302  404  404  403  404  403  404  403  404
nominations:receipt                        admitted          GET   in  200  404  404  200  404  200  404  200  404
nominations:receipt                        admitted          POST  in 405
nominations:restore                        withdrawn         GET   in 405
nominations:restore                        withdrawn         POST  in  302  404  404  403  404  403  404  403  404
nominations:entry                          submitted         GET   in  200  404  404  200  404  200  404  200  404
nominations:entry                          submitted         POST  in 405
nominations:entry                          withdrawn         GET   in  200  404  404  200  404  200  404  200  404
nominations:entry                          withdrawn         POST  in 405
nominations:entry                          disqualified      GET   in  200  404  404  200  404  200  404  200  404
nominations:entry                          disqualified      POST  in 405
# The jury.
judging:desk                               -                 GET   in 200
judging:desk                               -                 POST  in 405
judging:jury                               published         GET   200
judging:jury                               published         POST  405
judging:jury                               unpublished       GET   404  404  404  404  404  404  200  404  200  200
judging:jury                               unpublished       POST  405
judging:agreement                          published         GET   in  404  404  200  200  200  404  404  404  404
judging:agreement                          published         POST  in  404  404  422  422  422  404  404  404  404
judging:defence                            published         GET   in  404  404  200  200  200  200  404  200  200
judging:defence                            published         POST  in 405
judging:assignment                         submitted         GET   in  404  404  200  404  404  404  404  404  404
judging:assignment                         submitted         POST  in  404  404  302  404  404  404  404  404  404
judging:comment_save                       submitted         GET   in 405
judging:comment_save                       submitted         POST  in  404  404  422  404  404  404  404  404  404
judging:scorecard_submit                   submitted         GET   in 405
judging:scorecard_submit                   submitted         POST  in  404  404  422  404  404  404  404  404  404
judging:recuse                             submitted         GET   in  404  404  302  404  404  404  404  404  404
judging:recuse                             submitted         POST  in  404  404  302  404  404  404  404  404  404
judging:mark_save                          submitted         GET   in 405
judging:mark_save                          submitted         POST  in  404  404  422  404  404  404  404  404  404
judging:assignment                         open              GET   in  404  404  200  404  404  404  404  404  404
judging:assignment                         open              POST  in  404  404  302  404  404  404  404  404  404
judging:comment_save                       open              GET   in 405
judging:comment_save                       open              POST  in  404  404  200  404  404  404  404  404  404
judging:scorecard_submit                   open              GET   in 405
judging:scorecard_submit                   open              POST  in  404  404  422  404  404  404  404  404  404
judging:recuse                             open              GET   in  404  404  200  404  404  404  404  404  404
judging:recuse                             open              POST  in  404  404  302  404  404  404  404  404  404
judging:mark_save                          open              GET   in 405
judging:mark_save                          open              POST  in  404  404  200  404  404  404  404  404  404
judging:assignment                         conflicted        GET   in 404
judging:assignment                         conflicted        POST  in 404
judging:comment_save                       conflicted        GET   in 405
judging:comment_save                       conflicted        POST  in 404
judging:scorecard_submit                   conflicted        GET   in 405
judging:scorecard_submit                   conflicted        POST  in 404
judging:recuse                             conflicted        GET   in 404
judging:recuse                             conflicted        POST  in 404
judging:mark_save                          conflicted        GET   in 405
judging:mark_save                          conflicted        POST  in 404
judging:file                               submitted         GET   in  404  404  200  404  404  404  404  404  404
judging:file                               submitted         POST  in 405
judging:file                               conflicted        GET   in 404
judging:file                               conflicted        POST  in 405
judging:file                               of_another_entry  GET   in 404
judging:file                               of_another_entry  POST  in 405
# Results and feedback.
results:results                            published         GET   200
results:results                            published         POST  405
results:results                            unpublished       GET   404  404  404  404  404  404  200  404  200  200
results:results                            unpublished       POST  405
results:feedback                           shown             GET   in  200  404  404  200  404  404  404  404  404
results:feedback                           shown             POST  in 405
results:feedback                           not_yet           GET   in 404
results:feedback                           not_yet           POST  in 405
results:feedback_read                      shown             GET   in 405
results:feedback_read                      shown             POST  in  302  404  404  302  404  404  404  404  404
results:feedback_read                      not_yet           GET   in 405
results:feedback_read                      not_yet           POST  in 404
# Diplomas.
diplomas:verify                            admitted          GET   200
diplomas:verify                            admitted          POST  405
diplomas:download                          admitted          GET   in  200  404  404  200  404  200  404  200  404
diplomas:download                          admitted          POST  in 405
# The back office, beside the pages of its models.
admin:index                                -                 GET   in  404  404  404  404  404  200  200  200  200
admin:index                                -                 POST  in  404  404  404  404  404  200  200  200  200
admin:login                                -                 GET   in
admin:login                                -                 POST  in
admin:logout                               -                 GET   in  404  404  404  404  404  405  405  405  405
admin:logout                               -                 POST  in  404  404  404  404  404  200  200  200  200
admin:password_change                      -                 GET   in  404  404  404  404  404  200  200  200  200
admin:password_change                      -                 POST  in  404  404  404  404  404  200  200  200  200
admin:password_change_done                 -                 GET   in  404  404  404  404  404  200  200  200  200
admin:password_change_done                 -                 POST  in  404  404  404  404  404  405  405  405  405
admin:autocomplete                         -                 GET   in  404  404  404  404  404  403  403  403  403
admin:autocomplete                         -                 POST  in  404  404  404  404  404  405  405  405  405
admin:jsi18n                               -                 GET   in  404  404  404  404  404  200  200  200  200
admin:jsi18n                               -                 POST  in  404  404  404  404  404  405  405  405  405
admin:search                               -                 GET   in  404  404  404  404  404  200  200  200  200
admin:search                               -                 POST  in  404  404  404  404  404  200  200  200  200
admin:app_list                             nominations       GET   in  404  404  404  404  404  200  200  200  200
admin:app_list                             nominations       POST  in  404  404  404  404  404  200  200  200  200
admin:view_on_site                         entry             GET   in 404
admin:view_on_site                         entry             POST  in 404
admin:auth_user_password_change            nominee           GET   in  404  404  404  404  404  403  403  200  403
admin:auth_user_password_change            nominee           POST  in  404  404  404  404  404  403  403  200  403
admin:results_outcomerule_console          finalist          GET   in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_console          finalist          POST  in  404  404  404  404  404  405  405  405  405
admin:results_outcomerule_compute_all      finalist          GET   in  404  404  404  404  404  405  405  405  405
admin:results_outcomerule_compute_all      finalist          POST  in  404  404  404  404  404  302  404  302  302
admin:results_outcomerule_confirm_all      finalist          GET   in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_confirm_all      finalist          POST  in  404  404  404  404  404  302  404  302  302
admin:results_outcomerule_release          finalist          GET   in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_release          finalist          POST  in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_release_confirm  finalist          GET   in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_release_confirm  finalist          POST  in  404  404  404  404  404  302  404  302  302
admin:results_outcomerule_release_cancel   finalist          GET   in  404  404  404  404  404  302  404  302  302
admin:results_outcomerule_release_cancel   finalist          POST  in  404  404  404  404  404  302  404  302  302
admin:results_outcomerule_nomination       finalist          GET   in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_nomination       finalist          POST  in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_compute_one      finalist          GET   in  404  404  404  404  404  405  405  405  405
admin:results_outcomerule_compute_one      finalist          POST  in  404  404  404  404  404  302  404  302  302
admin:results_outcomerule_console          laureate          GET   in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_console          laureate          POST  in  404  404  404  404  404  405  405  405  405
admin:results_outcomerule_compute_all      laureate          GET   in  404  404  404  404  404  405  405  405  405
admin:results_outcomerule_compute_all      laureate          POST  in  404  404  404  404  404  302  404  302  302
admin:results_outcomerule_confirm_all      laureate          GET   in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_confirm_all      laureate          POST  in  404  404  404  404  404  302  404  302  302
admin:results_outcomerule_release          laureate          GET   in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_release          laureate          POST  in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_release_confirm  laureate          GET   in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_release_confirm  laureate          POST  in  404  404  404  404  404  302  404  302  302
admin:results_outcomerule_release_cancel   laureate          GET   in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_release_cancel   laureate          POST  in  404  404  404  404  404  302  404  302  302
admin:results_outcomerule_nomination       laureate          GET   in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_nomination       laureate          POST  in  404  404  404  404  404  200  404  200  200
admin:results_outcomerule_compute_one      laureate          GET   in  404  404  404  404  404  405  405  405  405
admin:results_outcomerule_compute_one      laureate          POST  in  404  404  404  404  404  302  404  302  302
admin/login/                               -                 GET   in
admin/login/                               -                 POST  in
admin:judging_round_distribute             essay             GET   in  404  404  404  404  404  200  404  200  200
admin:judging_round_distribute             essay             POST  in  404  404  404  404  404  302  404  302  302
admin:nominations_entry_vet                admit             GET   in  404  404  404  404  404  200  404  200  404
admin:nominations_entry_vet                admit             POST  in  404  404  404  404  404  302  404  302  404
admin:nominations_entry_vet                disqualify        GET   in  404  404  404  404  404  200  404  200  404
admin:nominations_entry_vet                disqualify        POST  in  404  404  404  404  404  302  404  302  404
admin:diplomas_diploma_retry               admitted          GET   in  404  404  404  404  404  200  404  200  404
admin:diplomas_diploma_retry               admitted          POST  in  404  404  404  404  404  302  404  302  404
admin:diplomas_diploma_revoke              admitted          GET   in  404  404  404  404  404  200  404  200  404
admin:diplomas_diploma_revoke              admitted          POST  in  404  404  404  404  404  302  404  302  404
"""
# One file a subject, for what came later.
LATER = sorted((Path(__file__).parent / "matrix").glob("*.txt"))
TABLE = MAIN + "".join(path.read_text(encoding="utf-8") for path in LATER)

# The pages of models: for add and change, GET | POST, each for organiser, elsewhere, superuser and
# barred, or one answer for all four. A row out of reach leads away (302) like one that is not there;
# 403 is for what the page does not do for this person at all. Empty forms are sent: 200 shows them again.
ADMIN_TABLE = """
audit_event              add      403 | 403
audit_event              change   403 403 200 403 | 403
outbox_message           add      403 | 403
outbox_message           change   403 403 200 403 | 403
outbox_job               add      403 | 403
outbox_job               change   403 403 200 403 | 403
accounts_organisation    add      200 | 200
accounts_organisation    change   200 | 200 403 200 403
accounts_user            add      403 403 200 403 | 403 403 200 403
accounts_user            change   200 | 403 403 200 403
seasons_programme        add      403 403 200 403 | 403 403 200 403
seasons_programme        change   200 302 200 200 | 200 302 200 200
seasons_season           add      200 | 200
seasons_season           change   200 302 200 200 | 200 302 200 200
seasons_stage            add      200 | 200
seasons_stage            change   200 302 200 200 | 200 302 200 200
seasons_extension        add      200 | 200
seasons_extension        change   200 302 200 200 | 403
nominations_category     add      200 | 200
nominations_category     change   200 302 200 200 | 200 302 200 200
nominations_nomination   add      200 | 200
nominations_nomination   change   200 302 200 200 | 200 302 200 200
nominations_prompt       add      200 | 200
nominations_prompt       change   200 302 200 200 | 200 302 200 200
nominations_vetter       add      200 | 200
nominations_vetter       change   200 302 200 200 | 403
nominations_entry        add      403 | 403
nominations_entry        change   200 302 200 302 | 403
nominations_entrycode    add      403 | 403
nominations_entrycode    change   200 302 200 200 | 302
nominations_recommendation  add      403 | 403
nominations_recommendation  change   200 302 200 200 | 403
nominations_prerequisite  add      200 | 200
nominations_prerequisite  change   200 302 200 200 | 200 302 200 200
judging_jury             add      200 | 200
judging_jury             change   200 302 200 200 | 200 302 200 200
judging_judge            add      403 | 403
judging_judge            change   200 302 200 200 | 302
judging_agreement        add      200 | 200
judging_agreement        change   200 302 200 200 | 403 302 403 403
judging_consent          add      403 | 403
judging_consent          change   200 302 200 200 | 403
judging_conflict         add      200 | 200
judging_conflict         change   200 302 200 200 | 403
judging_conflictrules    add      200 | 200
judging_conflictrules    change   200 302 200 200 | 200 302 200 200
judging_juryinvitation   add      403 | 403
judging_juryinvitation   change   200 302 200 200 | 403
judging_registration     add      403 | 403
judging_registration     change   200 302 200 200 | 403
judging_objection        add      403 | 403
judging_objection        change   200 302 200 302 | 403
judging_avoidpair        add      200 | 200
judging_avoidpair        change   200 302 200 200 | 302
judging_bid              add      403 | 403
judging_bid              change   200 302 200 200 | 403
judging_round            add      200 | 200
judging_round            change   200 302 200 200 | 200 302 200 200
judging_sample           add      200 | 200
judging_sample           change   200 302 200 200 | 403 302 403 403
judging_assignment       add      200 | 200
judging_assignment       change   200 302 200 302 | 403
judging_defenceslot      add      200 | 200
judging_defenceslot      change   200 302 200 302 | 200 302 200 302
judging_sitevisit        add      200 | 200
judging_sitevisit        change   200 302 200 302 | 200 302 200 302
judging_rubric           add      200 | 200
judging_rubric           change   200 302 200 200 | 403 302 403 403
judging_dimension        add      200 | 200
judging_dimension        change   200 302 200 200 | 403 302 403 403
judging_criterion        add      200 | 200
judging_criterion        change   200 302 200 200 | 403 302 403 403
judging_phase            add      200 | 200
judging_phase            change   200 302 200 200 | 403 302 403 403
judging_splitcriterion   add      200 | 200
judging_splitcriterion   change   200 302 200 200 | 403 302 403 403
judging_consultation     add      200 | 200
judging_consultation     change   200 302 200 200 | 200 302 200 200
judging_papersheet       add      403 | 403
judging_papersheet       change   200 302 200 200 | 403
judging_scorecard        add      403 | 403
judging_scorecard        change   200 302 200 302 | 403
diplomas_diploma         add      403 | 403
diplomas_diploma         change   200 302 200 302 | 403
results_standing         add      403 | 403
results_standing         change   200 302 200 200 | 403
results_release          add      403 | 403
results_release          change   200 302 200 200 | 403
results_decision         add      403 | 403
results_decision         change   200 302 200 302 | 403
results_publishedresult  add      403 | 403
results_publishedresult  change   200 302 200 302 | 403
results_feedback         add      403 | 403
results_feedback         change   200 302 200 302 | 403
results_appeal           add      403 | 403
results_appeal           change   200 302 200 302 | 403
results_outcomerule      add      200 | 200
results_outcomerule      change   200 302 200 200 | 200 302 200 200
"""

STAFF = ROLES[6:]
SUPERUSERS_ONLY = {"audit_event", "outbox_message", "outbox_job"}

Key = tuple[str, str, str]


def read_table() -> dict[Key, dict[str, str]]:
    """Answers by role, for each name, subject and method."""
    found: dict[Key, dict[str, str]] = {}
    for line in TABLE.strip().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        words = line.split()
        method = next(at for at, word in enumerate(words) if word in {"GET", "POST"})
        subject = words[1].replace("_", " ").strip("-") if method == 2 else ""
        found[words[0], subject, words[method]] = by_role(words[method + 1 :], ROLES)
    return found


def by_role(answers: list[str], roles: tuple[str, ...]) -> dict[str, str]:
    """Spell out a short line."""
    if len(answers) == 2:
        answers = answers[:1] + answers[1:] * (len(roles) - 1)
    if len(answers) == 1:
        answers = answers * len(roles)
    return dict(zip(roles, answers, strict=True))


def read_admin_table() -> dict[Key, dict[str, str]]:
    """Answers by role, for each model, view kind and method; what the table leaves out follows rules."""
    found: dict[Key, dict[str, str]] = {}
    for line in ADMIN_TABLE.strip().splitlines():
        name, kind, *codes = line.split()
        bar = codes.index("|")
        for method, answers in [("GET", codes[:bar]), ("POST", codes[bar + 1 :])]:
            found[name, kind, method] = around(by_role(answers, STAFF))
    for name in {name for name, _kind, _method in found}:
        seen = "403 403 200 403" if name in SUPERUSERS_ONLY else "200"
        for method in ("GET", "POST"):
            found[name, "changelist", method] = around(by_role(seen.split(), STAFF))
            # Nothing is deleted in the back office, and Django's own history is switched off.
            found[name, "delete", method] = around(by_role(["403"], STAFF))
            found[name, "history", method] = around(by_role(["404"], STAFF))
    return found


def around(staff: dict[str, str]) -> dict[str, str]:
    """Visitors sign in first; to everybody who is not staff the back office does not exist."""
    return {**by_role(["in", "404"], ROLES), **staff}
