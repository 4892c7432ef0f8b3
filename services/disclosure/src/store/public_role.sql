-- The role of the public side, run by an administrator before or after the migrations. It reads
-- the tables public_*, writes what people report, and nothing else.
do $$
begin
    -- For what belongs to this database alone: tables and their rights.
    perform pg_advisory_xact_lock(hashtextextended('gongxin bootstrap', 0));
    if not exists (select from pg_roles where rolname = 'gx_disclosure_public') then
        begin
            create role gx_disclosure_public login;
        exception when duplicate_object or unique_violation then
            null; -- made at this moment from another database of the server
        end;
    end if;
    -- A role belongs to the whole server, and an advisory lock to one database only. A comment
    -- locks the role itself, so that changes from several databases queue instead of failing.
    comment on role gx_disclosure_public is 'public side of disclosure';
    alter role gx_disclosure_public set search_path = disclosure;
    alter role gx_disclosure_public set default_transaction_read_only = on;
    alter role gx_disclosure_public set statement_timeout = '3s';
    alter role gx_disclosure_public set idle_in_transaction_session_timeout = '5s';
    alter role gx_disclosure_public password '%password';
    if to_regprocedure('disclosure.open_public()') is not null then
        perform disclosure.open_public();
    end if;
end
$$;
