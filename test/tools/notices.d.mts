export declare function formatNotices(modules: readonly string[]): string;
