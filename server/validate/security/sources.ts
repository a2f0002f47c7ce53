import type { Program } from './program.js';

/** Whether a way leads to what somebody else sends: the request that a server answers, the address of a page. */
export function isFromOutside(path: string, language: Program['language']): boolean {
  return outside[language].test(path);
}

const outside: Readonly<Record<Program['language'], RegExp>> = {
  python:
    /(?:^|[.@])(?:request|req|self\.request|flask\.request|bottle\.request)\.(?:args|form|json|data|values|cookies|headers|files|GET|POST|COOKIES|META|FILES|body|query_params|path_params|query|params|query_string|url|stream|get_json\(\)|get_data\(\)|get_argument\(\)|match_info|rel_url|forms|input_stream)\b|(?:^|[.@])self\.get_(?:query_|body_)?arguments?\(\)|\.recv(?:from|_into)?\(\)|(?:^|\.)FieldStorage\(\)/,
  javascript:
    /(?:^|[.@])(?:req|request|ctx|ctx\.request|ctx\.req|context\.request|event)\.(?:query|params|body|headers|cookies|signedCookies|param\(\)|header\(\)|get\(\)|url|originalUrl|files?|rawBody|queryStringParameters|pathParameters|formData\(\)|json\(\)|text\(\))(?![\w])|(?:^|[.@])(?:window\.|document\.)?location\.(?:search|hash|href|pathname)\b|(?:^|[.@])document\.(?:URL|documentURI|cookie|referrer)\b|(?:^|[.@])window\.name$|URLSearchParams\(\)\.get\(\)|searchParams\.get\(\)/,
  go: /\.(?:FormValue|PostFormValue|QueryArgs|PathValue)\(\)|\.URL\.(?:Query\(\)|Path|RawQuery|String\(\))|(?:Request|@r|@req|@request)\(?\)?\.(?:Form|PostForm|Header|Body|RequestURI|URL|Cookies?)\b|(?:Context\(\)|@c|@ctx)\.(?:Query|Param|PostForm|DefaultQuery|GetHeader|QueryParam|FormValue|GetRawData|Params|Cookie)\(\)|mux\.Vars\(\)|chi\.URLParam\(\)/,
  java: /(?:ServletRequest|Request|HttpExchange|@request|@req|^request|^req)(?:\(\))?\.(?:getParameter\w*|getHeader\w*|getQueryString|getCookies|getInputStream|getReader|getRequestURI|getRequestURL|getPathInfo|getPart|getRequestBody)\(\)|\.getTheParameter\(\)/,
};

/** What a program is started with or asks its own user for: not somebody else's, and no constant either. */
export const isFromUser =
  /^(?:sys\.argv|process\.argv|input\(\)|raw_input\(\)|os\.Args|prompt\(\)|readline\(\)|flag\.)/;
