{{- define "lantern.selector" -}}
app: {{ .Release.Name }}-lamp
{{- end }}
