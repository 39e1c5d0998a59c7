-- Rotates over many callers and paths, so that no cache is fed one request again and again.
-- Arguments: a file of lines "path<TAB>token", a body (JSON, or a form) behind them where each has its own; the kind of body, a prefix no other run has.
-- Bodies: none; organization {name, slug}; invitation {email}.

local requests, ready, count, turn, made, kind, prefix = {}, {}, 0, 0, 0, "none", ""

local bodies = {
    organization = function(n)
        return string.format('{"name":"Bench %d","slug":"%s-%d"}', n, prefix, n)
    end,
    invitation = function(n)
        return string.format('{"email":"%s-%d@example.com"}', prefix, n)
    end,
}

function init(arguments)
    kind, prefix = arguments[2], arguments[3]
    for line in io.lines(arguments[1]) do
        local path, token, body = line:match("^(%S+)\t(%S+)\t?(.*)$")
        count = count + 1
        local form = body ~= "" and body:sub(1, 1) ~= "{"
        local sent_as = form and "application/x-www-form-urlencoded" or "application/json"
        local headers = {
            ["Authorization"] = "Bearer " .. token,
            ["Content-Type"] = (bodies[kind] or body ~= "") and sent_as or nil,
        }
        requests[count] = { path = path, headers = headers }
        if body ~= "" then
            ready[count] = wrk.format("POST", path, headers, body)
        elseif not bodies[kind] then ready[count] = wrk.format("GET", path, headers) end
    end
end

function request()
    turn = turn % count + 1
    if ready[turn] then return ready[turn] end
    made = made + 1
    local target = requests[turn]
    return wrk.format("POST", target.path, target.headers, bodies[kind](made))
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\nRESULT {"requests":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,'
            .. '"refused":%d,"broken":%d}\n',
        summary.requests, summary.duration / 1e6,
        latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
