// What a front end does first, with a client generated from the merged document: who am I, which
// rounds are open, and an application that is sent once however often it is repeated.
import createClient from "openapi-fetch";
import type { components, paths } from "./akademi.js";

type Round = components["schemas"]["Round"];

// Lists are had as tables (text/csv) too; the client reads JSON, problems included.
export function client(address: string, token: string) {
    return createClient<paths, `application/${string}json`>({ baseUrl: address, headers: { Authorization: `Bearer ${token}` } });
}

export async function rounds(api: ReturnType<typeof client>): Promise<Round[]> {
    const found: Round[] = [];
    for (let cursor: string | undefined; ;) {
        const { data, error } = await api.GET("/registration/v1/rounds", {
            params: { query: cursor === undefined ? { limit: 100 } : { limit: 100, cursor } },
        });
        if (error) throw new Error(`${error.status} ${error.code}: ${error.detail}`);
        found.push(...data.items);
        const next = data._links["next"];
        if (next === undefined) return found;
        cursor = new URL(next.href).searchParams.get("cursor") ?? undefined;
    }
}

export async function apply(api: ReturnType<typeof client>, round: Round, personId: string): Promise<string> {
    const { data, error } = await api.POST("/registration/v1/applications", {
        params: { header: { "Idempotency-Key": `apply-${round.id}-${personId}` } },
        body: { roundId: round.id, personId },
    });
    // Every problem has a code to act on, and the id of its trace for support.
    if (error) return `${error.code} (${error.traceId})`;
    return data.id;
}

export async function main(address: string, token: string): Promise<void> {
    const api = client(address, token);
    const me = await api.GET("/registration/v1/me");
    if (me.error) throw new Error(me.error.code);
    const all = await rounds(api);
    console.log(`${all.length} rounds, the first: ${Object.values(all[0]?.name ?? {}).join(" / ")}`);
    const open = all.find((round) => round.state === "open");
    if (open !== undefined && me.data.personId !== undefined) console.log(await apply(api, open, me.data.personId));
}
