-- A supplementary investigation that was not reported in time is a breach too.
alter domain finding_kind drop constraint finding_kind_check;
alter domain finding_kind add constraint finding_kind_check check (value in (
    'filing_review_overdue', 'non_filing_notice_overdue', 'custody_overdue', 'correction_overdue',
    'direct_sending_refused', 'recording_missing', 'report_unregistered', 'report_turned_away',
    'sent_past_gate', 'violation_notice_overdue', 'recording_destroyed',
    'reconsideration_overdue', 'explanation_overdue', 'supplementary_overdue'));
