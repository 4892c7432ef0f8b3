-- One effect an event; a second one of the same event would break the key.
create table effects (
    event_id uuid primary key,
    bureau   text not null,
    n        bigint generated always as identity
);
create index effects_n on effects (n);
select protect('effects', 'select', 'select, insert');
