create table echoes (
    event_id  uuid primary key,
    bureau    text not null,
    aggregate uuid not null,
    version   integer not null,
    n         bigint generated always as identity
);
select protect('echoes', 'select', 'select, insert');
