-- Where something waits for a part of the product: ids of organizations alone, so that a server looks into those, and one in which nothing happens costs nothing.
-- `due` is the time that all servers share. Whatever the planner knows of the tables, the partial indexes answer: a plan that was made while they were empty
-- would read them whole, again and again.
create function organizations_with(chore text, due timestamptz) returns setof text language plpgsql stable security definer
  set search_path = public, pg_temp set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  case chore
    when 'entries' then -- without a number; or numbered, and under no signature yet
      return query select distinct l.org_id from entry_lot l where l.seq is null
        union select h.org_id from log_head h where h.size > 0
          and (select c.size from checkpoint c where c.org_id = h.org_id order by c.size desc limit 1) is distinct from h.size;
    when 'runs' then
      return query select distinct r.org_id from run r where r.state <> 'ended';
    when 'crossings' then
      return query select distinct p.org_id from promotion p where p.state = 'crossing';
    when 'lapses' then
      return query select g.org_id from guest g where g.state <> 'ended' and g.until <= due
        union select e.org_id from engagement e where e.state <> 'ended' and e.until <= due;
    when 'requests' then
      return query select distinct r.org_id from access_request r where r.state = 'open' and r.expires_at <= due;
    when 'archives' then
      return query select distinct a.org_id from archive a where a.expires_at <= due;
    when 'deletions' then
      return query select d.org_id from organization_deletion d where d.due_at <= due;
    when 'logs' then -- of directories; those of retired ones are kept as long
      return query select distinct d.org_id from directory d;
    when 'proofs' then -- of domains, once a day
      return query select distinct d.org_id from domain d
        where d.verified_at is not null and d.lapsed_at is null and coalesce(d.checked_at, d.verified_at) <= due - interval '1 day';
  end case;
end $$;
revoke execute on function organizations_with(text, timestamptz) from public;
grant execute on function organizations_with(text, timestamptz) to twinlock_app, twinlock_sequencer;
select oversee('entry_lot', 'org_id', 'seq'), oversee('log_head', 'org_id', 'size'), oversee('checkpoint', 'org_id', 'size'),
  oversee('run', 'org_id', 'state'), oversee('promotion', 'org_id', 'state'), oversee('guest', 'org_id', 'state', 'until'),
  oversee('engagement', 'org_id', 'state', 'until'), oversee('access_request', 'org_id', 'state', 'expires_at'), oversee('archive', 'org_id', 'expires_at'),
  oversee('organization_deletion', 'org_id', 'due_at'), oversee('directory', 'org_id'), oversee('domain', 'org_id', 'verified_at', 'lapsed_at', 'checked_at');
select entrust('organizations_with(text, timestamptz)');
create index promotion_crossing on promotion (org_id) where state = 'crossing';
