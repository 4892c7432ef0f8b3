-- What became of the case with procuratorate and court (DSC 22).
alter table public_steps drop constraint public_steps_what_check;
alter table public_steps add constraint public_steps_what_check check (what in ('registered',
    'extended', 'filed', 'not_filed', 'notice_served', 'reconsideration_ended', 'measure',
    'arrested', 'transferred', 'returned', 'prosecuted', 'not_prosecuted', 'judged'));
