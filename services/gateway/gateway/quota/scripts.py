"""What Redis does in one go. Both keys of an actor's feature have one hash tag, so that they lie on one node.

The counters (a hash per actor, feature and window):

    run      the run of the server that this was counted in
    ru, rc   requests that were used, and how many may be used so far (the ceiling)
    tu, tc   tokens likewise

The ceilings come from PostgreSQL, a block at a time (quota_grants), and each unit is handed out there once. A server that was
started again has another run_id, whatever an old snapshot gave it back: what it has is not believed then (ADR 0042).
"""

from __future__ import annotations

ADMITTED, LOAD, GRANT, NO_REQUESTS, NO_TOKENS, TOO_FAST = range(6)

_RUN = "local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')\n"

ADMIT = (
    _RUN
    + """
local counted = redis.call('HMGET', KEYS[1], 'run', 'ru', 'rc', 'tu', 'tc')
if counted[1] ~= run then return {1, 0, 0, run} end
local ru, rc, tu, tc = tonumber(counted[2]), tonumber(counted[3]), tonumber(counted[4]), tonumber(counted[5])
local request_quota, token_quota, tokens = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local interval, burst = tonumber(ARGV[4]), tonumber(ARGV[5])
if request_quota >= 0 and ru >= request_quota then return {3, ru, tu, run} end
if token_quota >= 0 and tu + tokens > token_quota then return {4, ru, tu, run} end

-- The generic cell rate algorithm: the time at which the bucket is full again says all.
local full
if interval > 0 then
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  full = math.max(tonumber(redis.call('GET', KEYS[2]) or '0'), now) + interval
  local wait = full - now - burst
  if wait > 0 then return {5, math.ceil(wait / 1000), 0, run} end
  burst = full - now
end

if request_quota >= 0 and ru >= rc then return {2, 1, 0, run} end
if token_quota >= 0 and tu + tokens > tc then return {2, 0, tu + tokens - tc, run} end
redis.call('HINCRBY', KEYS[1], 'ru', 1)
redis.call('HINCRBY', KEYS[1], 'tu', tokens)
if full then
  redis.call('SET', KEYS[2], string.format('%.0f', full), 'PX', math.ceil(burst / 1000) + 1)
end
return {0, ru + 1, tu + tokens, run}
"""
)
"""KEYS counters, rate; ARGV quota of requests and of tokens (-1: none), tokens of this request, and in microseconds the time
between two requests (0: no rate) and that of a full bucket. Returns a code, two numbers, and the run."""

INSTALL = (
    _RUN
    + """
if redis.call('HGET', KEYS[1], 'run') ~= run then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'run', run, 'ru', ARGV[1], 'rc', ARGV[2], 'tu', ARGV[3], 'tc', ARGV[4])
  redis.call('EXPIREAT', KEYS[1], ARGV[5])
else
  redis.call('HINCRBY', KEYS[1], 'rc', ARGV[2] - ARGV[1])
  redis.call('HINCRBY', KEYS[1], 'tc', ARGV[4] - ARGV[3])
end
return 1
"""
)
"""A grant: KEYS counters; ARGV requests granted before and after it, tokens likewise, when the counters may be forgotten.

Where nothing is known, everything that was granted before counts as used."""

CLOSE = (
    _RUN
    + """
if redis.call('HGET', KEYS[1], 'run') ~= run then return 0 end
for _, one in ipairs({{'ru', 'rc', tonumber(ARGV[1])}, {'tu', 'tc', tonumber(ARGV[2])}}) do
  local missing = one[3] - tonumber(redis.call('HGET', KEYS[1], one[2]))
  if one[3] >= 0 and missing > 0 then
    redis.call('HINCRBY', KEYS[1], one[1], missing)
    redis.call('HINCRBY', KEYS[1], one[2], missing)
  end
end
return 1
"""
)
"""All was granted, and some of it never arrived (whoever fetched it died): it counts as used. ARGV the quotas."""

SETTLE = (
    _RUN
    + """
if redis.call('HGET', KEYS[1], 'run') ~= run then return 0 end
local requests, tokens = tonumber(ARGV[2]), tonumber(ARGV[3])
-- What was reserved in another run is gone with it, and can't be given back; what was used beyond it still counts.
if run ~= ARGV[1] then requests, tokens = math.max(0, requests), math.max(0, tokens) end
redis.call('HINCRBY', KEYS[1], 'ru', requests)
redis.call('HINCRBY', KEYS[1], 'tu', tokens)
return 1
"""
)
"""KEYS counters; ARGV the run in which the request was admitted, and by how much requests and tokens change."""
