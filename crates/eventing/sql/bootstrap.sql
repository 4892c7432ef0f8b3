-- Roles and schema of one service, run once per database by an administrator.
-- %s is the service's name. Roles are shared by all databases of a server, hence "if not exists".
do $$
begin
    perform pg_advisory_xact_lock(hashtextextended('gongxin bootstrap', 0));
    if not exists (select from pg_roles where rolname = 'gx_%s_owner') then
        create role gx_%s_owner login;
    end if;
    if not exists (select from pg_roles where rolname = 'gx_%s') then
        create role gx_%s login;
    end if;
    if not exists (select from pg_roles where rolname = 'gx_%s_worker') then
        create role gx_%s_worker login;
    end if;
    -- Each role sees its own schema alone; service SQL is unqualified.
    alter role gx_%s_owner set search_path = %s;
    alter role gx_%s set search_path = %s;
    alter role gx_%s_worker set search_path = %s;
    -- A forgotten transaction must not hold back the rest of the bureau.
    alter role gx_%s set statement_timeout = '5s';
    alter role gx_%s set lock_timeout = '3s';
    alter role gx_%s set idle_in_transaction_session_timeout = '10s';
    alter role gx_%s_worker set statement_timeout = '30s';
    alter role gx_%s_worker set lock_timeout = '10s';
    alter role gx_%s_worker set idle_in_transaction_session_timeout = '10s';
end
$$;
create schema if not exists %s authorization gx_%s_owner;
grant usage on schema %s to gx_%s, gx_%s_worker;
revoke all on schema public from public;
