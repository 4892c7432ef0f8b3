-- What the measured source writes beside the tables that every service has.
create table items (
    id     uuid primary key,
    bureau text not null,
    what   bytea not null
);
select protect('items', 'select, insert', 'select, insert');

-- One row a fired period.
create table fired (
    n      bigint generated always as identity primary key,
    bureau text not null,
    period uuid not null
);
select protect('fired', 'select', 'select, insert');
