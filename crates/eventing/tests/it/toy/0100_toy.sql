create table toys (
    id      uuid primary key,
    bureau  text not null,
    version integer not null check (version > 0)
);
select protect('toys', 'select, insert, update', 'select, insert, update');
