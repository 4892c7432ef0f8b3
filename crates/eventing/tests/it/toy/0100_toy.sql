create table toys (
    id      uuid primary key,
    bureau  text not null,
    version integer not null check (version > 0)
);
select protect('toys', 'select, insert, update', 'select, insert, update');

create table rings (
    n      bigint generated always as identity primary key,
    bureau text not null,
    rule   text not null,
    moment text not null
);
select protect('rings', 'select', 'select, insert');
